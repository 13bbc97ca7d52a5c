"""A student's journeys in Chromium, with axe on every page visited."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from appointments.models import Booking
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from tests.cast import Cast
from tests.journeys.conftest import DESKTOP, PHONE, Inspect, OpenPage, SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def press(page: Page, target: Locator) -> None:
    """Reaches `target` with the Tab key alone and presses Enter."""
    wanted = target.first.element_handle()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("el => document.activeElement === el", wanted):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"The keyboard does not reach {target}")


@pytest.mark.policy("APPT-1")
@pytest.mark.policy("ELIG-2")
def test_a_student_books_moves_and_cancels(
    cast: Cast, wide_and_narrow: Page, sign_in: SignIn, inspect: Inspect
) -> None:
    page = wide_and_narrow
    sign_in(page, cast.student)
    heading(page, "Hello, Amara")
    inspect(page)

    # Five taps: book, type, time, continue, confirm.
    page.get_by_role("link", name="Book an appointment").first.click()
    heading(page, "Book an appointment")
    inspect(page)
    page.get_by_role("link", name="Careers guidance").click()
    heading(page, "Choose a time")
    inspect(page)
    page.get_by_role("link", name="09:40 on").click()
    heading(page, "What should your adviser know?")
    inspect(page)
    page.get_by_label("What would you like help with?").fill("Placements abroad")
    page.get_by_role("button", name="Continue").click()
    heading(page, "Check and book")
    expect(page.get_by_text("confidential to careers staff")).to_be_visible()
    inspect(page)
    page.get_by_role("button", name="Book this appointment").click()
    heading(page, "Your appointment is booked")
    expect(page.get_by_text("We remind you by text message")).to_be_visible()
    inspect(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Add to calendar").click()
    assert download.value.suggested_filename.endswith(".ics")

    page.get_by_role("link", name="Move").click()
    heading(page, "Choose a new time")
    inspect(page)
    page.get_by_role("link", name="13:00 on").click()
    heading(page, "Move to this time?")
    inspect(page)
    page.get_by_role("button", name="Move the appointment").click()
    heading(page, "Your appointment has moved")
    inspect(page)

    page.get_by_role("link", name="All my appointments").click()
    heading(page, "My appointments")
    inspect(page)
    page.get_by_role("link", name="Cancel Careers guidance").click()
    heading(page, "Cancel this appointment?")
    inspect(page)
    page.get_by_role("button", name="Cancel appointment").click()
    expect(page.get_by_text("Appointment cancelled")).to_be_visible()
    inspect(page)
    booking = Booking.objects.get()
    assert (booking.status, booking.sequence, booking.help_wanted) == ("cancelled", 2, "Placements abroad")


def test_filters_change_the_times_without_leaving_the_page(
    cast: Cast, phone: Page, signed_in: SignIn, inspect: Inspect
) -> None:
    signed_in(phone, cast.student)
    phone.goto(f"/book/{cast.type.slug}/")
    phone.evaluate("window.stayed = true")
    phone.get_by_label("With").select_option(label="Tariq Aziz")
    phone.wait_for_url("**adviser=**")
    phone.get_by_role("radio", name="Telephone").check()
    expect(
        phone.get_by_text("No times on this day match your choice").or_(phone.get_by_text("Nothing is free"))
    ).to_be_visible()
    assert phone.evaluate("window.stayed")
    inspect(phone)


def test_a_student_books_by_keyboard(cast: Cast, desktop: Page, signed_in: SignIn) -> None:
    signed_in(desktop, cast.student)
    desktop.goto("/")
    press(desktop, desktop.get_by_role("link", name="Book an appointment"))
    heading(desktop, "Book an appointment")
    press(desktop, desktop.get_by_role("link", name="Careers guidance"))
    heading(desktop, "Choose a time")
    press(desktop, desktop.get_by_role("link", name="10:20 on"))
    heading(desktop, "What should your adviser know?")
    press(desktop, desktop.get_by_role("button", name="Continue"))
    heading(desktop, "Check and book")
    press(desktop, desktop.get_by_role("button", name="Book this appointment"))
    heading(desktop, "Your appointment is booked")
    expect(desktop.get_by_role("heading", level=1)).to_be_focused()


def test_a_student_books_moves_and_cancels_without_javascript(cast: Cast, open_page: OpenPage, sign_in: SignIn) -> None:
    page = open_page(PHONE, java_script_enabled=False)
    sign_in(page, cast.student)
    page.get_by_role("link", name="Book an appointment").first.click()
    page.get_by_role("link", name="Careers guidance").click()
    page.get_by_label("With").select_option(label="Tariq Aziz")
    page.get_by_role("button", name="Show times").click()
    page.get_by_role("link", name="09:40 on").click()
    page.get_by_label("What would you like help with?").fill("My CV")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Book this appointment").click()
    heading(page, "Your appointment is booked")
    assert Booking.objects.get().adviser == cast.other_adviser
    page.get_by_role("link", name="Move").click()
    page.get_by_role("link", name="13:00 on").click()
    page.get_by_role("button", name="Move the appointment").click()
    heading(page, "Your appointment has moved")
    page.get_by_role("link", name="Cancel").first.click()
    page.get_by_role("button", name="Cancel appointment").click()
    expect(page.get_by_text("Appointment cancelled")).to_be_visible()


def test_back_and_again_gives_the_same_booking(cast: Cast, open_page: OpenPage, signed_in: SignIn) -> None:
    page = open_page(DESKTOP)
    signed_in(page, cast.student)
    page.goto(f"/book/{cast.type.slug}/")
    page.get_by_role("link", name="09:00 on").click()
    page.get_by_label("What would you like help with?").fill("Placements")
    page.get_by_role("button", name="Continue").click()
    heading(page, "Check and book")
    page.go_back()
    expect(page.get_by_label("What would you like help with?")).to_have_value("Placements")
    page.go_forward()
    page.get_by_role("button", name="Book this appointment").dblclick()
    heading(page, "Your appointment is booked")
    page.go_back()
    button = page.get_by_role("button", name="Book this appointment")
    if button.is_visible():
        button.click()
    page.wait_for_load_state()
    assert Booking.objects.count() == 1


def test_back_after_booking_moving_and_cancelling_shows_the_booking(
    cast: Cast, wide_and_narrow: Page, signed_in: SignIn, inspect: Inspect
) -> None:
    page = wide_and_narrow
    signed_in(page, cast.student)
    page.goto(f"/book/{cast.type.slug}/")
    page.get_by_role("link", name="09:00 on").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Book this appointment").click()
    heading(page, "Your appointment is booked")
    page.go_back()
    page.reload()
    heading(page, cast.type.name)
    expect(page.get_by_role("link", name="Move")).to_be_visible()
    inspect(page)

    page.get_by_role("link", name="Move").click()
    own = page.locator(".time", has_text="Your time")
    expect(own).to_have_text(re.compile("09:00"))
    expect(own).to_have_attribute("aria-current", "true")
    inspect(page)
    page.get_by_role("link", name="13:00 on").click()
    heading(page, "Move to this time?")
    expect(page.locator("main s")).to_have_text(re.compile("09:00"))
    page.get_by_role("button", name="Move the appointment").click()
    heading(page, "Your appointment has moved")
    page.go_back()
    page.reload()
    heading(page, cast.type.name)

    page.get_by_role("link", name="Cancel this appointment").click()
    page.get_by_role("button", name="Cancel appointment").click()
    expect(page.get_by_text("Appointment cancelled")).to_be_visible()
    page.go_back()
    page.reload()
    heading(page, cast.type.name)
    expect(page.locator("main .refusal")).to_have_count(0)


def test_a_lost_race_ends_in_a_booking_nearby(cast: Cast, phone: Page, signed_in: SignIn, inspect: Inspect) -> None:
    signed_in(phone, cast.student)
    phone.goto(f"/book/{cast.type.slug}/?adviser={cast.adviser.public_id}")
    phone.get_by_role("link", name="09:40 on").click()
    phone.get_by_label("What would you like help with?").fill("Placements")
    phone.get_by_role("button", name="Continue").click()
    heading(phone, "Check and book")
    other = cast.other_student
    book_appointment(student=other, choice=cast.choice(9, 40), details=Details(), by=other)
    phone.get_by_role("button", name="Book this appointment").click()
    heading(phone, "That time has just gone")
    inspect(phone)
    phone.locator("a.row-link").first.click()
    heading(phone, "Check and book")
    expect(phone.get_by_text("Placements")).to_be_visible()
    phone.get_by_role("button", name="Book this appointment").click()
    heading(phone, "Your appointment is booked")
    assert Booking.objects.get(student=cast.student).help_wanted == "Placements"


def test_public_pages_and_the_profile_have_no_findings(
    cast: Cast, phone: Page, signed_in: SignIn, inspect: Inspect
) -> None:
    signed_in(phone, cast.student)
    for address in ("/policies/", "/privacy/", "/accessibility/", "/profile/", "/appointments/?show=past"):
        phone.goto(address)
        inspect(phone)
