"""Pages with several forms: no button loses what was typed beside it, also without scripts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.db import transaction

from tests.access.asking import Caller
from tests.access.scene import Scene
from tests.access.shown import PageShown, tree_of

WORDS = ".//textarea|.//input[not(@type) or @type='text' or @type='email' or @type='tel']"
OWN_FORM = "ancestor::*[contains(concat(' ', @class, ' '), ' form ')][1]"

APART = {
    "waiting_offer": "passing on the place gives up what was typed for it",
    "document_detail": "a name of one line, beside a file that no page can keep",
}
"""Pages whose forms are apart, and why nothing is lost that somebody would miss."""


def same_names(form: Any) -> list[str]:
    """Names that two fields of the form have; radio buttons and checkboxes share theirs."""
    boxes = form.xpath(".//textarea|.//select|.//input[not(@type='radio' or @type='checkbox')]")
    counted = Counter([*(each.get("name") for each in boxes), *groups(form)])
    return [name for name, number in counted.items() if number > 1]


def groups(form: Any) -> set[str]:
    return {each.get("name") for each in form.xpath(".//input[@type='radio' or @type='checkbox']")}


def test_a_page_with_a_text_box_has_one_form(shown: list[PageShown]) -> None:
    """A browser sends only the fields of one form, so a second one wipes them."""
    several, mixed = set(), set()
    for page in shown:
        forms = page.forms
        several |= {page.name} if len(forms) > 1 and any(form.xpath(WORDS) for form in forms) else set()
        mixed |= {f"{page.name}: {same}" for form in forms for same in same_names(form)}
    assert sorted(several) == sorted(APART)
    assert sorted(mixed) == []


def choices_on(page: PageShown) -> Iterator[str]:
    """Links and searches that ask for the page itself again, which wipes what was typed."""
    here = urlsplit(page.address).path
    for link in page.tree.xpath("//main//a[@href][not(starts-with(@href, '#'))]"):
        if urlsplit(urljoin(page.address, link.get("href"))).path == here:
            yield f"{page.name}: {link.text_content().strip()}"
    for form in page.tree.xpath("//main//form[not(@method='post')]"):
        if urlsplit(urljoin(page.address, form.get("action") or "")).path == here:
            yield f"{page.name}: {form.get('class')}"


def test_no_choice_on_a_page_with_a_text_box_is_a_link(shown: list[PageShown]) -> None:
    """As shown, so that a link is found however its template writes it."""
    with_words = [page for page in shown if any(form.xpath(WORDS) for form in page.forms)]
    assert len(with_words) > 40
    assert [choice for page in with_words for choice in choices_on(page)] == []


def test_no_button_loses_what_was_typed_beside_it(scene: Scene, shown: list[PageShown]) -> None:
    """Presses every button of every page that has a text box which belongs to another."""
    pressed, lost = 0, []
    for page in shown:
        for form in page.forms:
            for button in form.xpath(".//button[@type='submit'][not(@hidden)]"):
                gone = lost_by(scene, page, form, button)
                pressed += gone is not None
                lost += [f"{page.name}, {button.text_content().strip()}: {each}" for each in gone or ()]
    assert "\n".join(lost) == ""
    assert pressed > 20


def lost_by(scene: Scene, page: PageShown, form: Any, button: Any) -> list[str] | None:
    """The text boxes beside the button whose words are gone. None if there are none, or it was not for this person."""
    own = {each.get("name") for each in button.xpath(f"{OWN_FORM}//*[@name]")}
    typed = {each.get("name"): f"Typed into {each.get('name')}" for each in form.xpath(WORDS)}
    beside = {name: words for name, words in typed.items() if name not in own}
    if not beside:
        return None
    said = {**{name: value for name, value in form.form_values() if name not in typed}, **typed}
    said |= {button.get("name"): button.get("value")} if button.get("name") else {}
    client = Caller(page.person, scene.people.get(page.person)).client
    with transaction.atomic():
        answer = client.post(button.get("formaction") or form.get("action") or page.address, said, follow=True)
        again = answer if answer.status_code in (409, 422) else client.get(page.address)
        tree = tree_of(again)
        transaction.set_rollback(True)
    if answer.status_code not in (200, 409, 422) or tree is None:
        return None
    values = {each.get("name"): each.value for each in tree.xpath(WORDS)}
    return [name for name, words in beside.items() if name in values and (values[name] or "").strip() != words]
