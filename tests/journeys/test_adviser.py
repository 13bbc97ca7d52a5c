"""A working day of an adviser and of the front desk, in Chromium, with axe on every page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from appointments.models import AppointmentType, Booking, BookingNote, DiaryBlock
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from foundation.values.times import database_now, local_day
from tests.cast import Cast
from tests.factories import publish, stored_booking
from tests.journeys.conftest import DESKTOP, PHONE, Inspect, OpenPage, SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Press = Callable[[str], None]


def booked(cast: Cast, hour: int, student: User | None = None) -> Booking:
    student = student or cast.student
    return book_appointment(student=student, choice=cast.choice(hour), details=Details(topic="CV"), by=student)


def begun(cast: Cast, student: User) -> Booking:
    return stored_booking(student, cast.adviser, cast.type, cast.room, database_now() - timedelta(minutes=10))


def test_an_adviser_publishes_sees_takes_time_out_and_rearranges(
    cast: Cast, wide_and_narrow: Page, signed_in: SignIn, inspect: Inspect
) -> None:
    page, free_day = wide_and_narrow, cast.day + timedelta(days=7)
    signed_in(page, cast.adviser)

    page.goto(reverse("availability_list"))
    inspect(page)
    page.get_by_role("link", name="New template").first.click()
    inspect(page)
    page.get_by_label("Weekday").select_option(str(free_day.weekday()))
    page.get_by_label("From").fill("09:00")
    page.get_by_label("To").fill("12:00")
    page.get_by_label("Careers guidance").check()
    page.get_by_label(cast.room.name).check()
    page.get_by_role("button", name="Save and continue").click()
    inspect(page)
    page.get_by_label("From").fill(str(free_day))
    page.get_by_label("Until").fill(str(free_day))
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="1 day opened for booking")).to_be_visible()
    inspect(page)
    assert DiaryBlock.objects.filter(local_date=free_day, adviser=cast.adviser).exists()

    booking = booked(cast, 9)
    AppointmentType.objects.filter(pk=cast.type.pk).update(name="International students: working in the United Kingdom")
    page.goto(f"{reverse('diary_week')}?week={cast.day}")
    expect(page.get_by_role("link", name="Amara Okafor")).to_be_visible()
    inspect(page)
    page.get_by_role("link", name="Week after").click()
    page.wait_for_url(f"**week={cast.day - timedelta(days=cast.day.weekday() - 7)}*")
    expect(page.get_by_text("Open").first).to_be_visible()

    page.get_by_role("link", name="Block out time").click()
    inspect(page)
    page.get_by_label("First day").fill(str(cast.day))
    page.get_by_label("Reason").fill("Unwell")
    page.get_by_role("button", name="Block out time").click()
    expect(page.get_by_role("heading", name="1 appointment can’t take place then")).to_be_visible()
    inspect(page)
    page.get_by_role("button", name="Block out time and email students").click()
    expect(page.get_by_text("Rearrange these appointments")).to_be_visible()
    inspect(page)
    page.get_by_role("link", name="Move Amara Okafor").click()
    inspect(page)
    page.get_by_label("Adviser", exact=True).select_option(cast.other_adviser.public_id)
    page.wait_for_url(f"**adviser={cast.other_adviser.public_id}*")
    page.locator("a.time", has_text="09:40").click()
    inspect(page)
    page.get_by_role("button", name="Move").click()
    expect(page.locator("#messages .tone-success")).to_be_visible()
    inspect(page)
    booking.refresh_from_db()
    assert (booking.adviser, booking.starts_at) == (cast.other_adviser, cast.starts(9, 40))
    page.goto(reverse("rearrange_list"))
    expect(page.get_by_role("heading", name="Nothing to rearrange")).to_be_visible()


def test_an_adviser_closes_an_appointment_in_three_actions(
    cast: Cast, wide_and_narrow: Page, sign_in: SignIn, inspect: Inspect
) -> None:
    page, booking = wide_and_narrow, begun(cast, cast.student)
    sign_in(page, cast.adviser)
    page.goto(f"{reverse('today')}?day={booking.local_date}")
    expect(page.get_by_text("Now", exact=True)).to_be_visible()
    inspect(page)

    page.get_by_role("link", name="Amara Okafor", exact=True).click()  # one
    inspect(page)
    page.get_by_label("Next step").press("Enter")
    expect(page.get_by_text("Choose how it went.").last).to_be_visible()
    booking.refresh_from_db()
    assert booking.status == "booked", "a stray press of Enter records nothing"
    page.get_by_role("radio", name="Attended", exact=True).check()  # two: how it went, note and next step
    page.get_by_label("Note", exact=False).first.fill("We compared two offers.")
    page.get_by_label("Next step").fill("Reply to both by Friday.")
    page.get_by_role("button", name="Close appointment").click()  # three

    expect(page.get_by_text("Amara Okafor closed")).to_be_visible()
    inspect(page)
    booking.refresh_from_db()
    assert booking.status == "attended"
    assert BookingNote.objects.get().next_step == "Reply to both by Friday."


def test_lateness_is_stated(cast: Cast, wide_and_narrow: Page, sign_in: SignIn, inspect: Inspect) -> None:
    page, booking = wide_and_narrow, begun(cast, cast.student)
    sign_in(page, cast.adviser)
    page.goto(f"{reverse('today')}?day={booking.local_date}")
    page.get_by_role("link", name="Late Amara Okafor").click()
    expect(page.get_by_role("radio", name="Attended, late")).to_be_checked()
    expect(page.get_by_label("Minutes late")).to_be_hidden()
    page.get_by_label("Note", exact=False).first.fill("The bus was late.")
    page.get_by_role("button", name="Close appointment").click()
    expect(page.get_by_text("Enter how many minutes late they were.").last).to_be_visible()
    inspect(page)
    page.get_by_role("radio", name="Other").check()
    page.get_by_label("Minutes late").fill("466")
    page.get_by_role("button", name="Close appointment").click()
    expect(page.get_by_label("Note", exact=False).first).to_have_value("The bus was late.")
    inspect(page)
    page.get_by_role("radio", name="10 minutes").check()
    page.get_by_role("button", name="Close appointment").click()
    expect(page.get_by_text("Attended, 10 min late")).to_be_visible()
    inspect(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["htmx", "without"])
def test_attendance_is_marked_in_the_list_with_one_press(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, scripts: bool
) -> None:
    booking = begun(cast, cast.student)
    page = open_page(DESKTOP, java_script_enabled=scripts)
    signed_in(page, cast.adviser)
    page.goto(f"{reverse('today')}?day={booking.local_date}")
    page.get_by_role("button", name="Attended Amara Okafor").click()
    expect(page.get_by_text("Attended", exact=True).last).to_be_visible()
    expect(page.get_by_role("link", name="Write note Amara Okafor")).to_be_visible()
    if scripts:
        expect(page.get_by_role("link", name="Amara Okafor").first).to_be_focused()
        inspect(page)
    page.get_by_role("link", name="Amara Okafor").first.click()
    page.get_by_text("Undo attendance").first.click()
    page.locator("main [name=reason]").fill("Wrong row")
    page.get_by_role("button", name="Undo attendance").click()
    expect(page.locator("#messages .tone-success")).to_be_visible()
    booking.refresh_from_db()
    assert booking.status == "booked"


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_front_desk_marks_an_arrival_and_books_with_an_override(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, viewport: dict[str, int]
) -> None:
    waiting = begun(cast, cast.other_student)
    for hour in (9, 11, 13):
        booked(cast, hour)
    page = open_page(viewport)
    signed_in(page, cast.front_desk)
    page.goto(f"{reverse('today')}?day={waiting.local_date}")
    inspect(page)
    page.get_by_role("button", name="Arrived Jin Lee").click()
    expect(page.locator(".badge", has_text="Arrived")).to_be_visible()

    page.goto(reverse("student_list"))
    inspect(page)
    page.locator("main [name=q]").fill("okafor")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Amara Okafor").click()
    inspect(page)
    page.get_by_role("link", name="Book for Amara").click()
    expect(page.get_by_text("Needs a reason")).to_be_visible()
    inspect(page)
    page.get_by_role("link", name="Careers guidance").click()
    inspect(page)
    page.locator(f"#day-{cast.day}").click()
    page.locator("a.time", has_text="15:00").click()
    inspect(page)
    page.get_by_role("button", name="Book").click()
    expect(page.locator(".error-summary")).to_be_focused()
    inspect(page)
    page.locator("main [name=reason]").fill("Interview tomorrow")
    page.locator("main [name=counts][value=no]").check()
    page.get_by_role("button", name="Book").click()
    expect(page.locator("#messages .tone-success")).to_be_visible()
    inspect(page)
    booking = Booking.objects.latest("pk")
    assert (booking.override_reason, booking.consumes, booking.booked_by) == (
        "Interview tomorrow",
        False,
        cast.front_desk,
    )


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_other_page_of_the_staff(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, viewport: dict[str, int]
) -> None:
    booking = booked(cast, 9)
    block = publish(
        cast.adviser, cast.type, cast.room, day=local_day(database_now()) + timedelta(days=30), ends=time(12)
    )
    page = open_page(viewport)
    signed_in(page, cast.manager)
    for address in (
        reverse("today"),
        f"{reverse('availability_list')}?adviser={cast.adviser.public_id}",
        f"{reverse('block_create')}?adviser={cast.adviser.public_id}",
        reverse("block_withdraw", args=[block.public_id]),
        reverse("rearrange_list"),
        reverse("staff_booking_cancel", args=[booking.public_id]),
        reverse("staff_booking_detail", args=[booking.public_id]),
    ):
        page.goto(address)
        inspect(page)
