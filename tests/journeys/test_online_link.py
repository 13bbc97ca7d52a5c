"""A long link fits on a narrow screen, and an adviser joins from Today."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from appointments.models import OnlineRoom
from foundation.values.links import LONGEST_LINK
from foundation.values.times import database_now
from tests.cast import Cast
from tests.factories import stored_booking
from tests.journeys.conftest import Inspect, OpenPage, SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.policy("APPT-3")]

NARROW = {"width": 320, "height": 700}
START = "https://meet.example.ac.uk/"


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_long_link_fits_and_is_one_press_away(
    cast: Cast, open_page: OpenPage, sign_in: SignIn, inspect: Inspect
) -> None:
    link = START + "a" * (LONGEST_LINK - len(START))
    OnlineRoom.objects.create(adviser=cast.adviser, link=link)
    soon = database_now() + timedelta(minutes=5)
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.online, soon)
    page = open_page(NARROW)
    sign_in(page, cast.student)
    page.goto(reverse("booking_detail", args=[booking.public_id]))
    expect(page.locator(f'a[href="{link}"]')).to_be_visible()
    assert fits(page)
    inspect(page)
    page.context.clear_cookies()
    sign_in(page, cast.adviser)
    for name in ("staff_booking_detail", "joining_edit"):
        page.goto(reverse(name, args=[booking.public_id]))
        expect(page.locator(f'main a[href="{link}"]')).to_be_visible()
        assert fits(page)
        inspect(page)
    page.goto(reverse("today") + f"?day={booking.local_date}")
    expect(page.locator(f'a[href="{link}"]')).to_be_visible()
    assert fits(page)
    inspect(page)
