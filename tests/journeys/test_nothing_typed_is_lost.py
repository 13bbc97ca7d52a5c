"""Sessions that end and pages that are left while somebody types: with axe, on a phone and on a desktop."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Draft
from appointments.models import BookingNote
from foundation.values.times import database_now
from queries.models import Query
from tests.cast import Cast
from tests.factories import PASSWORD, stored_booking
from tests.journeys.conftest import DESKTOP, PHONE, Inspect, OpenPage, SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "I have two offers.\nCould somebody read both by Friday?"


def sign_in_here(page: Page, email: str) -> None:
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_query_survives_the_end_of_its_session(
    cast: Cast, open_page: OpenPage, sign_in: SignIn, inspect: Inspect, scripts: bool, size: dict[str, int]
) -> None:
    page = open_page(size, java_script_enabled=scripts)
    sign_in(page, cast.student)
    page.goto(reverse("query_create"))
    page.get_by_label("Subject").fill("Two offers")
    page.get_by_label("Your message").fill(TEXT)
    Session.objects.all().delete()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("We kept what you typed")).to_be_visible()
    sign_in_here(page, cast.student.email)
    expect(page.get_by_text("We kept what you typed at")).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value(TEXT)
    expect(page.get_by_label("Subject")).to_have_value("Two offers")
    if scripts:
        inspect(page)
    page.get_by_label("What is it about?").select_option("general")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Query sent.")).to_be_visible()
    assert Query.objects.get().messages.get().text.split() == TEXT.split()
    assert not Draft.objects.exists()


def test_notes_survive_a_page_that_is_left_and_a_session_that_ends(
    cast: Cast, desktop: Page, sign_in: SignIn, inspect: Inspect
) -> None:
    starts = database_now() - timedelta(minutes=15)
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, starts)
    url = reverse("staff_booking_detail", args=[booking.public_id])
    sign_in(desktop, cast.adviser)
    desktop.goto(url)
    note = desktop.locator("#close textarea")
    note.fill("We compared two offers.")
    expect(desktop.get_by_text("Draft saved at")).to_be_visible()
    note.fill("We compared two offers. Reply by Friday.")
    desktop.goto(reverse("today"))
    desktop.goto(url)
    expect(note).to_have_value("We compared two offers. Reply by Friday.")
    inspect(desktop)

    Session.objects.all().delete()
    desktop.get_by_role("radio", name="Attended", exact=True).check()
    desktop.get_by_role("button", name="Close appointment").click()
    sign_in_here(desktop, cast.adviser.email)
    expect(note).to_have_value("We compared two offers. Reply by Friday.")
    expect(desktop.get_by_role("radio", name="Attended", exact=True)).to_be_checked()
    desktop.get_by_role("button", name="Close appointment").click()
    expect(desktop.get_by_text("Amara Okafor closed")).to_be_visible()
    assert BookingNote.objects.get().text == "We compared two offers. Reply by Friday."
    desktop.goto(url)
    expect(desktop.get_by_text("We kept what you typed")).to_be_hidden()


def test_a_draft_can_be_discarded(cast: Cast, phone: Page, sign_in: SignIn, inspect: Inspect) -> None:
    sign_in(phone, cast.student)
    phone.goto(reverse("query_create"))
    phone.get_by_label("Your message").fill(TEXT)
    expect(phone.get_by_text("Draft saved at")).to_be_visible()
    phone.reload()
    expect(phone.get_by_label("Your message")).to_have_value(TEXT)
    inspect(phone)
    phone.get_by_role("button", name="Discard draft").click()
    expect(phone.get_by_label("Your message")).to_have_value("")
    assert not Draft.objects.exists()
