"""A session that ends in the middle: what was typed about absences, holds, appeals and undoing is on its page again."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.db import transaction

from tests.access.scene import Scene
from tests.access.shown import PageShown, tree_of
from tests.accounts.test_drafts import browser_of, send

OUTSIDE = {"mfa_edit_webauthn", "mfa_reauthenticate"}
"""Pages of signing in: the name of a passkey and a code that changes are asked for again."""

BOXES = ".//textarea|.//input[not(@type) or @type='text']"


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
            back = dict(parse_qsl(urlsplit(sent.get("Location", "")).query)).get("next", "")
            elsewhere = urlsplit(back).path != urlsplit(page.address).path
            client.force_login(scene.people[page.person])
            tree = tree_of(client.get(page.address))
            values = {
                each.get("name"): (each.value or "").strip() for each in (tree.xpath(BOXES) if tree is not None else ())
            }
            transaction.set_rollback(True)
        filled += len(typed)
        lost += [f"{page.name}: leads to {back or sent.status_code}"] if elsewhere else []
        lost += [f"{page.name}: {name}" for name, words in typed.items() if values.get(name) != words]
    return filled, lost


def test_what_was_typed_is_on_its_page_again(scene: Scene, shown: list[PageShown], settings: Any) -> None:
    found = [
        lost_on(scene, page, settings) for page in shown if page.person != "anonymous" and page.name not in OUTSIDE
    ]
    assert sorted({each for _, lost in found for each in lost}) == []
    assert sum(filled for filled, _ in found) > 60
