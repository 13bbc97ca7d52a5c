"""What people print on A4, portrait and landscape: nothing left empty, out of order or cut off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page

from accounts.models import Role, User
from appointments.models import Booking
from appointments.operations.time_out import take_time_out
from documents.operations.upload import upload_document
from foundation.values.times import at
from queries.models import Category
from queries.operations.open_query import NewQuery, open_query
from queries.rules.about import NOTHING
from tests.cast import Cast
from tests.documents.papers import pdf
from tests.factories import StudentFactory, UserFactory, publish, stored_booking
from tests.journeys.conftest import CUT_OFF, DESKTOP, OpenPage, SignIn
from tests.journeys.sheets import MARGIN, PDFTOPPM, Sheet, difference, picture, printed, sheets

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = Path(__file__).parent / "paper"
"""Pictures as they should be: `--snapshot-update` takes them again. Look at them before you commit them."""

TIMES = ("09:00", "09:40", "10:20", "11:00", "13:30", "14:10", "15:30")
NAMES = (("Amara", "Okafor"), ("Bartholomew", "Featherstonehaugh-Smythe"), ("Jin", "Lee"))
INNER = {False: 688, True: 1017}
"""Pixels of CSS between the margins of a sheet, upright and across."""


@pytest.fixture
def monday(cast: Cast) -> date:
    """The first day of a week with seven appointments on Monday and one fewer on each day after it."""
    monday = cast.day + timedelta(days=14 - cast.day.weekday())
    cast.adviser.diary_blocks.all().delete()
    for n in range(5):
        day = monday + timedelta(days=n)
        publish(cast.adviser, cast.type, cast.room, day=day)
        for i, starts in enumerate(TIMES[: 7 - n]):
            given, family = NAMES[i % 3]
            student = StudentFactory(given_name=given, family_name=family)
            starts_at = at(day, time.fromisoformat(starts))
            stored_booking(student, cast.adviser, cast.type, cast.room, starts_at, topic="A CV")
    return monday


@pytest.fixture(params=[False, True], ids=["portrait", "landscape"])
def landscape(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def look(open_page: OpenPage, signed_in: SignIn) -> Callable[..., Page]:
    page = open_page(DESKTOP)

    def looked(user: User, address: str) -> Page:
        page.context.clear_cookies()
        signed_in(page, user)
        page.goto(address)
        return page

    return looked


def on_paper(page: Page, landscape: bool) -> list[Sheet]:
    """The sheets, after looking for what any printed page may get wrong."""
    found = sheets(printed(page, landscape=landscape))
    title = page.locator("h1").inner_text()
    rows = page.locator(".rows > li, tbody tr, .diary .entry")
    assert title in found[0].text, page.url
    if rows.count():
        begins = rows.first.inner_text().split()[0]
        assert begins in found[0].text, f"{page.url} begins its list on another sheet"
    for sheet in found:
        assert all(MARGIN - 1 <= run.x <= sheet.width - MARGIN for run in sheet.runs), page.url
        for unwanted in ("http", "Sign out", "Skip to main content", "Search", "Apply", "Add to calendar", "Block out"):
            assert unwanted not in sheet.text, f"{page.url} prints “{unwanted}”"
    for sheet in found[:-1]:
        assert sheet.filled > 0.7, f"{page.url} leaves a sheet empty"
    assert found[-1].runs, f"{page.url} ends with an empty sheet"
    assert cut_off(page, landscape) == [], page.url
    return found


def cut_off(page: Page, landscape: bool) -> list[str]:
    """What would leave the sheet at its right, by the page as wide as the sheet."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": INNER[landscape], "height": 900})
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found: list[str] = [*page.evaluate(CUT_OFF), *([f"{over} px too wide"] if over > 0 else [])]
    page.emulate_media(media="null")
    page.set_viewport_size({"width": DESKTOP["width"], "height": DESKTOP["height"]})
    return found


def test_the_week_is_on_one_sheet_in_its_order(
    cast: Cast, monday: date, look: Callable[..., Page], landscape: bool
) -> None:
    page = look(cast.adviser, f"{reverse('diary_week')}?week={monday}")
    (sheet,) = on_paper(page, landscape)
    columns = [[run for run in sheet.runs if run.text.strip() == day] for day in ("Mon", "Tue", "Wed", "Thu", "Fri")]
    edges = [heads[0].x for heads in columns]
    assert edges == sorted(edges)
    halves = [(edges[n] + edges[n + 1]) / 2 for n in range(4)]
    for n in range(5):
        left, right = ([0.0, *halves][n], [*halves, sheet.width][n])
        shown = {text: run.y for run in sheet.runs if left <= run.x < right and (text := run.text.strip()) in TIMES}
        assert tuple(sorted(shown, key=lambda text: shown[text])) == TIMES[: 7 - n]
        assert len(set(shown.values())) == 7 - n, "one below the other"
    assert sheet.text.count("Featherstonehaugh-") == 8, "names in full"
    assert "…" not in sheet.text


def test_today_is_in_its_order(cast: Cast, monday: date, look: Callable[..., Page], landscape: bool) -> None:
    (sheet,) = on_paper(look(cast.adviser, f"{reverse('today')}?day={monday}"), landscape)
    shown = {text: run.y for run in sheet.runs if (text := run.text.strip()) in TIMES}
    assert tuple(sorted(shown, key=lambda text: shown[text])) == TIMES


def test_lists_go_on_over_the_next_sheet(cast: Cast, monday: date, look: Callable[..., Page], landscape: bool) -> None:
    away = monday + timedelta(days=2)
    take_time_out(
        adviser=cast.adviser, starts_at=at(away, time(9)), ends_at=at(away + timedelta(days=1), time(18)), reason="Ill",
        by=cast.adviser,
    )  # fmt: skip
    for n in range(25):
        asked = NewQuery(Category.GENERAL, f"Which of the {n} forms", "Text", NOTHING)
        open_query(person=cast.student, asked=asked, by=cast.student)
    assert len(on_paper(look(cast.manager, reverse("query_inbox")), landscape)) > 1
    on_paper(look(cast.front_desk, f"{reverse('student_list')}?q=okafor"), landscape)
    on_paper(look(cast.manager, reverse("rearrange_list")), landscape)
    governance = UserFactory(roles=[Role.INFORMATION_GOVERNANCE])
    trail = on_paper(look(governance, reverse("trail_list")), landscape)
    assert len(trail) > 1
    assert all("Whose affairs" in sheet.text for sheet in trail), "the header is on every sheet"


def test_a_students_appointments_and_documents(
    cast: Cast, monday: date, look: Callable[..., Page], landscape: bool
) -> None:
    for n in range(12):
        starts = at(monday + timedelta(days=n), time(9))
        booking = stored_booking(cast.student, cast.other_adviser, cast.type, cast.other_room, starts, topic="A CV")
        upload_document(owner=cast.student, content=pdf(), filename=f"CV {n}.pdf", kind="cv", by=cast.student)
    on_paper(look(cast.student, reverse("booking_list")), landscape)
    (detail,) = on_paper(look(cast.student, reverse("booking_detail", args=[booking.public_id])), landscape)
    assert booking.when in detail.text
    booked = on_paper(look(cast.student, reverse("booking_booked", args=[booking.public_id])), landscape)
    assert booking.when in booked[0].text
    on_paper(look(cast.student, reverse("document_list")), landscape)
    document = cast.student.documents.first()
    assert document is not None
    on_paper(look(cast.student, reverse("document_detail", args=[document.public_id])), landscape)
    on_paper(look(cast.adviser, reverse("student_detail", args=[cast.student.public_id])), landscape)
    first = Booking.objects.filter(adviser=cast.adviser).earliest("during")
    on_paper(look(cast.adviser, reverse("staff_booking_detail", args=[first.public_id])), landscape)


@pytest.mark.skipif(not PDFTOPPM, reason="pictures of sheets need pdftoppm (Debian’s poppler-utils)")
def test_the_pictures_are_as_they_were(
    cast: Cast, monday: date, look: Callable[..., Page], landscape: bool, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    for name, address in (
        ("week", f"{reverse('diary_week')}?week={monday}"),
        ("today", f"{reverse('today')}?day={monday}"),
    ):
        seen = picture(printed(look(cast.adviser, address), landscape=landscape), tmp_path)
        kept = KEPT / f"{name}-{'landscape' if landscape else 'portrait'}.png"
        if request.config.getoption("update_snapshots"):
            kept.parent.mkdir(exist_ok=True)
            seen.save(kept)
        mean, most = difference(seen, Image.open(kept))
        assert mean < 3, f"{kept.name}: {mean}"
        assert most < 70, f"{kept.name}: {most}"
