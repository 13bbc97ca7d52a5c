"""Back, and a double press, on each step of moving, cancelling, closing and answering: one deed, and no refusal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from appointments.models import Booking, BookingNote
from foundation.values.times import database_now
from queries.models import Category, Query, QueryMessage
from queries.operations.open_query import NewQuery, open_query
from tests.appointments.student_browser import booked
from tests.cast import Cast
from tests.factories import stored_booking
from tests.journeys.conftest import DESKTOP, PHONE, Inspect, OpenPage, SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])


def nothing_is_refused(page: Page) -> None:
    expect(page.locator("[data-code], .error-summary")).to_have_count(0)


@SIZES
def test_moving_and_cancelling(cast: Cast, open_page: OpenPage, signed_in: SignIn, size: dict[str, int]) -> None:
    booking, page = booked(cast), open_page(size)
    signed_in(page, cast.student)
    page.goto(reverse("booking_detail", args=[booking.public_id]))
    page.get_by_role("link", name="Move").click()
    page.get_by_role("link", name="13:00 on").click()
    page.go_back()
    nothing_is_refused(page)
    page.go_forward()
    page.get_by_role("button", name="Move the appointment").dblclick()
    expect(page.get_by_role("button", name="Move the appointment")).to_have_count(0)
    page.go_back()
    nothing_is_refused(page)
    assert (Booking.objects.count(), Booking.objects.get().sequence) == (1, 1)

    page.goto(reverse("booking_cancel", args=[booking.public_id]))
    page.get_by_role("button", name="Cancel appointment").dblclick()
    expect(page.get_by_role("link", name="Book again")).to_be_visible()
    page.go_back()
    nothing_is_refused(page)
    assert Booking.objects.get().is_cancelled


@SIZES
def test_closing(cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, size: dict[str, int]) -> None:
    starts = database_now() - timedelta(minutes=15)
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, starts)
    page = open_page(size)
    signed_in(page, cast.adviser)
    page.goto(reverse("staff_booking_detail", args=[booking.public_id]))
    inspect(page)
    next_step = page.get_by_label("Next step")
    next_step.press("Enter")
    expect(page.locator(".error-summary")).to_be_visible()
    assert Booking.objects.get().status == "booked"
    page.goto(reverse("staff_booking_detail", args=[booking.public_id]))
    page.get_by_role("radio", name="Attended", exact=True).check()
    page.locator("#close textarea").fill("We compared two offers.")
    page.get_by_role("button", name="Close appointment").dblclick()
    expect(page.get_by_text(f"{cast.student.name} closed")).to_be_visible()
    page.go_back()
    nothing_is_refused(page)
    assert (Booking.objects.get().status, BookingNote.objects.count()) == ("attended", 1)


@SIZES
def test_answering(cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, size: dict[str, int]) -> None:
    asked = NewQuery(Category.GENERAL, "Opening hours", "When are you open?")
    query = open_query(person=cast.student, asked=asked, by=cast.student)
    page = open_page(size)
    signed_in(page, cast.front_desk)
    page.goto(reverse("query_answer", args=[query.public_id]))
    page.get_by_role("textbox", name="Reply").fill("At nine.")
    page.get_by_role("textbox", name="Comment").fill("Who has the keys?")
    page.get_by_role("button", name="Add comment").dblclick()
    expect(page.locator("#messages .tone-success")).to_be_visible()
    expect(page.get_by_role("textbox", name="Reply")).to_have_value("At nine.")
    inspect(page)
    page.get_by_role("button", name="Send", exact=True).dblclick()
    expect(page.get_by_text("Reply sent")).to_be_visible()
    page.go_back()
    nothing_is_refused(page)
    kinds = QueryMessage.objects.filter(query=query).values_list("kind", flat=True)
    assert sorted(kinds) == ["asked", "comment", "reply"]
    page.goto(reverse("query_answer", args=[query.public_id]))
    page.get_by_role("button", name="Resolve", exact=True).dblclick()
    expect(page.get_by_role("button", name="Resolve", exact=True)).to_have_count(0)
    page.go_back()
    nothing_is_refused(page)
    assert Query.objects.get().is_resolved
