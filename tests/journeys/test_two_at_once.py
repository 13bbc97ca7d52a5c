"""Two people in one thing: the second is told of the first, keeps what was typed, and goes on with one press."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from appointments.models import Booking
from appointments.operations.move import move_booking
from queries.models import Category, Query, QueryMessage
from queries.operations.open_query import NewQuery, open_query
from queries.operations.write_message import reply_to_query
from tests.appointments.student_browser import booked
from tests.cast import Cast
from tests.journeys.conftest import DESKTOP, PHONE, Inspect, OpenPage, SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])


@SIZES
def test_a_second_answer(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, size: dict[str, int]
) -> None:
    asked = NewQuery(Category.GENERAL, "Opening hours", "When are you open?")
    query = open_query(person=cast.student, asked=asked, by=cast.student)
    page = open_page(size)
    signed_in(page, cast.front_desk)
    page.goto(reverse("query_answer", args=[query.public_id]))
    page.get_by_role("textbox", name="Reply").fill("At ten, I think.")
    reply_to_query(query=query, text="At nine.", by=cast.adviser)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("[data-code=changed_since]")).to_contain_text(cast.adviser.name)
    expect(page.get_by_role("textbox", name="Reply")).to_have_value("At ten, I think.")
    inspect(page)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("[data-code=changed_since]")).to_have_count(0)
    assert QueryMessage.objects.filter(kind="reply").count() == 2


@SIZES
def test_an_old_page_of_a_moved_appointment(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, size: dict[str, int]
) -> None:
    booking, page = booked(cast), open_page(size)
    signed_in(page, cast.student)
    page.goto(reverse("booking_cancel", args=[booking.public_id]))
    moved = move_booking(booking=booking, choice=cast.choice(11), by=cast.adviser)
    page.get_by_role("button", name="Cancel appointment").click()
    expect(page.locator("[data-code=changed_since]")).to_contain_text(moved.when)
    inspect(page)
    assert not Booking.objects.get().is_cancelled
    page.get_by_role("button", name="Cancel appointment").click()
    page.wait_for_url(f"**{reverse('booking_detail', args=[booking.public_id])}")
    assert Booking.objects.get().is_cancelled


@SIZES
def test_an_appeal_is_not_closed_with_one_tap(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, size: dict[str, int]
) -> None:
    asked = NewQuery(Category.APPEAL, "My hold", "I was ill.")
    query = open_query(person=cast.student, asked=asked, by=cast.student)
    page = open_page(size)
    signed_in(page, cast.student)
    page.goto(reverse("query_detail", args=[query.public_id]))
    page.get_by_role("link", name="Close this query").click()
    inspect(page)
    assert not Query.objects.get().is_resolved
    page.get_by_role("button", name="Close this query").click()
    page.wait_for_url(f"**{reverse('query_detail', args=[query.public_id])}")
    assert Query.objects.get().is_resolved
