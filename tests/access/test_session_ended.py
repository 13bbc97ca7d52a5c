"""A session that ends in the middle: what was typed about absences, holds, appeals and undoing is on its page again."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction

from tests.access.asking import Caller
from tests.access.matrix import lines
from tests.access.scene import Scene, set_scene
from tests.access.test_versions import address_of, people_of
from tests.access.test_words_beside import PageShown, tree_of
from tests.accounts.test_drafts import browser_of, send

PAGES = (
    "absence_create", "attendance_story", "booking_prepare", "hold_create", "hold_lift", "query_answer", "query_create",
    "query_detail", "staff_booking_cancel", "staff_booking_detail", "strike_excuse",
)  # fmt: skip
BOXES = ".//textarea|.//input[not(@type) or @type='text']"


@pytest.fixture
def scene(db: None) -> Scene:
    return set_scene()


def pages(scene: Scene) -> list[PageShown]:
    found = []
    for line in (each for each in lines() if each.route.name in PAGES and people_of(each, "GET")):
        person, address = people_of(line, "GET")[0], address_of(scene, line)
        tree = tree_of(Caller(person, scene.people[person]).client.get(address))
        found += [PageShown(line.route.name, person, address, tree)] if tree is not None else []
    return found


def lost_on(scene: Scene, page: PageShown, settings: Any) -> tuple[int, list[str]]:
    """How many boxes were filled in on the page, and those whose words are gone after signing in again."""
    filled, lost = 0, []
    for form in page.forms:
        typed = {each.get("name"): f"Typed into {each.get('name')}" for each in form.xpath(BOXES)}
        buttons = form.xpath(".//button[@type='submit'][not(@hidden)]")
        if not (typed and buttons):
            continue
        address = buttons[-1].get("formaction") or form.get("action") or page.address
        with transaction.atomic():
            client = browser_of(scene.people[page.person], settings)
            sent = send(client, page.address, address, {**dict(form.form_values()), **typed})
            assert urlsplit(sent["Location"]).query == f"next={urlsplit(page.address).path}", (
                page.name,
                sent["Location"],
            )
            client.force_login(scene.people[page.person])
            tree = tree_of(client.get(page.address))
            values = {each.get("name"): (each.value or "").strip() for each in tree.xpath(BOXES)}
            transaction.set_rollback(True)
        filled += len(typed)
        lost += [f"{page.name}: {name}" for name, words in typed.items() if values.get(name) != words]
    return filled, lost


def test_what_was_typed_is_on_its_page_again(scene: Scene, settings: Any) -> None:
    shown = pages(scene)
    assert {page.name for page in shown} == set(PAGES)
    found = [lost_on(scene, page, settings) for page in shown]
    assert [each for _, lost in found for each in lost] == []
    assert sum(filled for filled, _ in found) > 20
