"""What each page says to the person who uses it most. Covers every address in docs/access.yaml that shows a page."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.access.asking import CallAnswer, Caller, ask
from tests.access.matrix import MatrixLine, document, lines
from tests.access.scene import Scene
from tests.wording.fixed_scene import PREFERENCE
from tests.wording.visible_text import title_of, words_of

pytestmark = pytest.mark.django_db

FILES = {
    "event_answers_export", "event_calendar", "event_employer_export", "event_feed", "event_image",
    "registration_calendar",
    "alumni_export", "booking_calendar", "brand_css", "certificate_download", "copy_download", "demo_people",
    "feed_bad_rows_download", "feed_example_download", "health_live", "health_ready", "health_retention", "health_work",
    "inbound_email_original", "outbox_attachment", "processing_download", "result_example_download", "trail_export",
    "robots_txt", "sitemap", "sitemap_section", "version_download",
}  # fmt: skip
"""Not pages: downloads, styles and API answers."""

LEAD_ON = {
    "account_set_password": "for people without a password; the tests of signing in go there",
    "audience_check": "comes after audience_change, see test_answers.py",
    "audience_preview": "comes after audience_change, see test_answers.py",
    "audience_schedule": "comes after audience_change, see test_answers.py",
    "booking_check": "comes after booking_details, see test_answers.py",
    "booking_create": "only takes what booking_check sends",
    "document_create": "leads to the list, which has the form",
    "mfa_login_webauthn": "an answer for the browser’s script",
    "rule_withdraw": "leads to the audience, which has the button",
}
"""Pages that redirect when opened directly."""

MESSAGES = {"outbox_html"}
"""Messages as sent, which test_messages.py covers."""


def pages() -> dict[str, MatrixLine]:
    """Every line that shows a page, except Django's admin, whose text is Django's."""
    without = FILES | set(LEAD_ON) | MESSAGES
    found = [line for line in lines() if line.kind == "page" and line.verbs.get("GET")]
    return {file_name(line): line for line in found if line.named not in without and not line.named.startswith("admin")}


def file_name(line: MatrixLine) -> str:
    return str(line).replace("?", "with ").replace("<", "sent ").replace(">", "").replace(" ", "-")


def opened(callers: dict[str, Caller], scene: Scene, line: MatrixLine) -> tuple[str, CallAnswer]:
    """Opens the page as the first person in PREFERENCE who may and gets a page."""
    people = [each for each in PREFERENCE if each in line.verbs["GET"]]
    for person in people:
        answer = ask(scene, callers[person], line, "GET")
        if answer.status == 200:
            return person, answer
    raise AssertionError(f"{line} shows a page to none of {people}: {answer.status} {answer.where}")


@pytest.mark.parametrize("name", pages())
def test_page(name: str, scene: Scene, callers: dict[str, Caller], snapshot: SnapshotAssertion) -> None:
    person, answer = opened(callers, scene, pages()[name])
    assert "text/html" in answer.headers
    page = answer.body.decode()
    assert f"{title_of(page)}\nTo: {person}\n\n{words_of(page)}" == snapshot


FRAMES = ("anonymous", "student", "adviser", "careers_manager", "information_governance", "administrator")


@pytest.mark.parametrize("person", FRAMES)
def test_frame(person: str, scene: Scene, callers: dict[str, Caller], snapshot: SnapshotAssertion) -> None:
    """What surrounds every page: header, menus and footer."""
    answer = ask(scene, callers[person], lines_named("policies"), "GET")
    page = answer.body.decode()
    assert words_of(page, "//body/header | //body/footer | //body/div[not(ancestor::main)]") == snapshot


def lines_named(name: str) -> MatrixLine:
    return next(line for line in lines() if line.named == name)


def test_pages_left_out_exist() -> None:
    named = {*document()["pages"], *document()["demonstration"]}
    assert sorted((FILES | set(LEAD_ON) | MESSAGES) - named) == []
