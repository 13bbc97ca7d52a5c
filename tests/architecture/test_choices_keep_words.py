"""A choice on a page with a text box is a button of its form, so that it never wipes what was typed.

Links that leave the page are left out: the person means to leave, and drafts are kept as they are typed.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
POSTS = re.compile(r"""<form\b[^>]*\bmethod=["']post["']""")
LINK_TO_ITSELF = re.compile(r"""href=["'](\?[^"']*)["']""")
ASKS_ITSELF = re.compile(r"""<form\b[^>]*\bmethod=["']get["'][^>]*>|\{% filter_bar\b""")

WITHOUT_WORDS = {
    "events/event_door.html": "looking for the next person gives up what was typed about the last",
    "events/staff_registration_create.html": "the search comes before there is a form with a text box",
    "queries/query_link.html": "only a choice among queries; searching shows others",
    "security/case_create.html": "the search comes before there is a form with a text box",
}
"""Pages with a form to send and one that asks the same page, and why nothing typed can be lost."""


def pages() -> list[str]:
    found = [path for path in TEMPLATES.rglob("*.html") if POSTS.search(path.read_text())]
    return sorted(str(path.relative_to(TEMPLATES)) for path in found)


@pytest.mark.parametrize("page", pages())
def test_no_choice_on_a_page_with_a_form_wipes_what_was_typed(page: str) -> None:
    text = (TEMPLATES / page).read_text()
    choices = LINK_TO_ITSELF.findall(text) + ASKS_ITSELF.findall(text)
    assert not choices or page in WITHOUT_WORDS


@pytest.mark.parametrize("page", WITHOUT_WORDS)
def test_the_list_names_no_page_that_has_none(page: str) -> None:
    assert ASKS_ITSELF.search((TEMPLATES / page).read_text())
