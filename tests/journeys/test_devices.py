"""Where I am signed in, what is held about me and who read it, on a phone and a desktop, with axe on every page."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import Role
from accounts.sign_in.session_store import SessionStore
from appointments.models import BookingNote
from appointments.operations.read_notes import read_notes
from tests.accounts.devices import IPHONE
from tests.cast import Cast
from tests.factories import PASSWORD, UserFactory, stored_booking
from tests.journeys.conftest import PHONE, Inspect, OpenPage, SignIn
from tests.page_parts import link_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


@pytest.mark.policy("SEC-1")
def test_a_student_sees_and_ends_devices(cast: Cast, wide_and_narrow: Page, sign_in: SignIn, inspect: Inspect) -> None:
    page, phone = wide_and_narrow, Client(HTTP_USER_AGENT=IPHONE)
    phone.force_login(cast.student)
    sign_in(page, cast.student)
    page.locator("header summary").last.click()
    page.get_by_role("link", name="Your profile").click()
    heading(page, "Your profile")
    inspect(page)
    page.locator(link_to("sign_in_list")).click()
    heading(page, "Where you are signed in")
    expect(page.get_by_text("Chrome on Linux")).to_be_visible()
    expect(page.get_by_text("This device", exact=True)).to_be_visible()
    inspect(page)
    page.get_by_role("button", name="End all other devices").click()
    expect(page.get_by_text("1 other device is signed out.")).to_be_visible()
    inspect(page)
    assert phone.get("/profile/").status_code == 302


@pytest.mark.policy("SEC-1")
def test_a_further_sign_in_ends_the_oldest_and_says_so(
    cast: Cast, open_page: OpenPage, sign_in: SignIn, inspect: Inspect
) -> None:
    first, second = open_page(PHONE), open_page(PHONE)
    sign_in(first, cast.adviser)
    sign_in(second, cast.adviser)
    first.goto("/profile/")
    heading(first, "Sign in")
    expect(first.locator("#messages .tone-warning")).to_be_visible()
    inspect(first)
    second.goto("/profile/")
    heading(second, "Your profile")


@pytest.mark.policy("SEC-1")
def test_a_token_asks_again_who_one_is(cast: Cast, open_page: OpenPage, sign_in: SignIn, inspect: Inspect) -> None:
    page = open_page(PHONE)
    sign_in(page, cast.student)
    an_hour_ago()
    page.goto("/profile/")
    page.locator("summary", has_text="API tokens").click()
    page.get_by_text("Create token").first.click()
    page.locator("main [name=name]").fill("My script")
    page.get_by_role("button", name="Create token").click()
    heading(page, "Confirm that it is you")
    inspect(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    heading(page, "Your profile")
    expect(page.get_by_text("Your new token")).to_be_visible()


def an_hour_ago() -> None:
    """Sets everybody's last authentication to an hour ago."""
    for row in Session.objects.all():
        store = SessionStore(row.session_key)
        store["sign_in"] = {**store["sign_in"], "at": store["sign_in"]["at"] - 3600}
        store.pop("account_authentication_methods", None)
        store.save()


@pytest.mark.policy("DATA-3")
def test_a_student_sees_what_is_held_and_who_looked(
    cast: Cast, wide_and_narrow: Page, signed_in: SignIn, inspect: Inspect
) -> None:
    page = wide_and_narrow
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, cast.starts(9))
    BookingNote.objects.create(booking=booking, text="words", by=cast.adviser)
    read_notes(booking=booking, by=cast.adviser)
    signed_in(page, cast.student)
    page.goto("/")
    page.locator(link_to("held_list")).click()
    heading(page, "What we hold about you")
    expect(page.get_by_text("1 reading")).to_be_visible()
    inspect(page)
    page.locator("summary", has_text="1 reading").click()
    page.get_by_role("link", name="See who").click()
    heading(page, "Who looked at your notes and documents")
    expect(page.get_by_text("Helen Marsh")).to_be_visible()
    inspect(page)
    page.locator(link_to("held_list")).first.click()
    heading(page, "What we hold about you")


def test_information_governance_reads_the_trail(wide_and_narrow: Page, signed_in: SignIn, inspect: Inspect) -> None:
    page = wide_and_narrow
    signed_in(page, UserFactory(given_name="Priya", roles=[Role.INFORMATION_GOVERNANCE]))
    page.goto("/trail/")
    heading(page, "Audit trail")
    expect(page.get_by_role("cell", name="Signed in")).to_be_visible()
    inspect(page)
    page.locator("main [name=person]").fill("nobody")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".error-summary a[href='#id_person']")).to_be_visible()
    inspect(page)
