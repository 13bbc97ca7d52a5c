"""Undo after sending, resolving, cancelling and marking; and choices on a page that keep what was typed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import PolicySetting
from appointments.models import Booking
from foundation.values.times import database_now, local_day
from messaging.models import OutboxMessage
from queries.models import Query, ReplyTemplate
from queries.operations.open_query import NewQuery, open_query
from tests.appointments.student_browser import booked, page_of, step
from tests.cast import Cast
from tests.factories import stored_booking
from tests.journeys.conftest import DESKTOP, PHONE, Inspect, OpenPage, SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TYPED = "I have read both offers."
both_sizes = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
with_and_without = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])


@pytest.fixture(autouse=True)
def slow_machines_get_a_minute(transactional_db: None) -> None:
    PolicySetting.objects.create(key="undo_seconds", value=60, effective_from=local_day(database_now()))


def ask(cast: Cast, subject: str = "Two offers") -> Query:
    return open_query(person=cast.student, asked=NewQuery("general", subject, "Help?"), by=cast.student)


def undo(page: Page) -> None:
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("Undone.")).to_be_visible()


@both_sizes
@with_and_without
def test_a_reply_is_taken_back_into_its_box(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, size: dict[str, int], scripts: bool
) -> None:
    query, page = ask(cast), open_page(size, java_script_enabled=scripts)
    signed_in(page, cast.adviser)
    page.goto(reverse("query_answer", args=[query.public_id]))
    box = page.get_by_role("textbox", name="Reply")
    box.fill(TYPED)
    page.get_by_role("button", name="Send and resolve").click()
    expect(page.get_by_text("Reply sent")).to_be_visible()
    if scripts:
        inspect(page)
    undo(page)
    expect(box).to_have_value(TYPED)
    assert query.messages.count() == 1
    assert not OutboxMessage.objects.filter(kind__in=["queries.replied", "queries.resolved"], state="queued").exists()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Reply sent")).to_be_visible()
    expect(box).to_have_value("")
    assert query.messages.count() == 2


@both_sizes
@with_and_without
def test_templates_and_other_buttons_keep_the_reply(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, size: dict[str, int], scripts: bool
) -> None:
    ReplyTemplate.objects.create(name="Greeting", text="Dear {first_name}")
    query, other, page = ask(cast), ask(cast, "The other"), open_page(size, java_script_enabled=scripts)
    signed_in(page, cast.manager)
    page.goto(reverse("query_answer", args=[query.public_id]))
    box = page.get_by_role("textbox", name="Reply")
    box.fill(TYPED)
    page.get_by_role("button", name="Greeting").click()
    both = f"{TYPED}\n\nDear {cast.student.first_name}"
    expect(box).to_have_value(both)
    page.get_by_label("Assigned to").select_option(label=cast.adviser.name)
    page.get_by_role("button", name="Assign").click()
    expect(box).to_have_value(both)
    if scripts:
        inspect(page)
    page.get_by_text("Merge with another query").click()
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_role("heading", name=other.subject)).to_be_visible()
    expect(box).to_have_value(both)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_role("heading", name=query.subject)).to_be_visible()


@both_sizes
@with_and_without
def test_a_student_cancels_and_undoes(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, size: dict[str, int], scripts: bool
) -> None:
    booking, page = booked(cast), open_page(size, java_script_enabled=scripts)
    signed_in(page, cast.student)
    page.goto(page_of("booking_cancel", booking))
    page.get_by_role("button", name="Cancel").first.click()
    expect(page.get_by_role("link", name="Book again")).to_be_visible()
    if scripts:
        inspect(page)
    undo(page)
    assert Booking.objects.get().occupies_time
    page.go_back()
    page.goto(page_of("booking_detail", booking))
    expect(page.get_by_role("link", name="Move")).to_be_visible()


@both_sizes
def test_a_time_taken_meanwhile_offers_others(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, size: dict[str, int]
) -> None:
    booking, page = booked(cast), open_page(size)
    signed_in(page, cast.student)
    page.goto(page_of("booking_cancel", booking))
    page.get_by_role("button", name="Cancel").first.click()
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_visible()
    booked(cast, student=cast.other_student)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_role("alert").get_by_role("heading", name="That time has just gone")).to_be_visible()
    inspect(page)
    assert Booking.objects.get(pk=booking.pk).is_cancelled


@both_sizes
@with_and_without
def test_a_mark_in_the_list_of_the_day_is_undone(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, size: dict[str, int], scripts: bool
) -> None:
    starts = database_now() - timedelta(minutes=10)
    booking, page = (
        stored_booking(cast.student, cast.adviser, cast.type, cast.room, starts),
        open_page(size, java_script_enabled=scripts),
    )
    signed_in(page, cast.adviser)
    page.goto(f"{reverse('today')}?day={booking.local_date}")
    page.get_by_role("button", name="Missed").click()
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_visible()
    if scripts:
        inspect(page)
    undo(page)
    assert Booking.objects.get().status == "booked"


@both_sizes
@with_and_without
def test_another_way_to_meet_and_another_time_keep_what_was_typed(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, size: dict[str, int], scripts: bool
) -> None:
    page = open_page(size, java_script_enabled=scripts)
    signed_in(page, cast.student)
    page.goto(step("booking_details", cast, adviser="", location=""))
    box = page.get_by_label("What would you like help with?")
    box.fill(TYPED)
    page.get_by_role("button", name="Meet by video call instead").click()
    expect(page.get_by_role("button", name="Meet in person instead")).to_be_visible()
    expect(box).to_have_value(TYPED)
    if scripts:
        inspect(page)
    box.fill(f"{TYPED} Soon.")
    page.get_by_role("button", name="Choose another time").click()
    expect(page.get_by_role("radio", name="In person")).to_be_checked()
    assert f"day={cast.day}" in page.url
    page.locator("#times a[href*='details']").last.click()
    expect(box).to_have_value(f"{TYPED} Soon.")
