"""Times beside ours, for a device that is set to another zone."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from foundation.values.times import local
from tests.appointments.student_browser import booked
from tests.cast import Cast
from tests.journeys.conftest import DESKTOP, PHONE, Inspect, OpenPage, SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

THEIRS = "[data-their-time]:visible"


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_device_elsewhere_shows_its_own_time_beside_ours(
    cast: Cast, open_page: OpenPage, sign_in: SignIn, inspect: Inspect, size: dict[str, int]
) -> None:
    booking = booked(cast)
    page = open_page(size, timezone_id="Asia/Kolkata")
    sign_in(page, cast.student)
    here = local(booking.starts_at).utcoffset()
    assert here is not None
    ahead = 330 - int(here.total_seconds() // 60)
    minutes = 9 * 60 + ahead
    theirs = f"{minutes // 60:02d}:{minutes % 60:02d} your time"
    for name in ("booking_detail", "booking_booked"):
        page.goto(reverse(name, args=[booking.public_id]))
        expect(page.locator(THEIRS)).to_have_text(theirs)
        inspect(page)
    page.goto(reverse("time_list", args=[cast.type.slug]) + f"?day={cast.day}")
    expect(page.locator(f"a.time {THEIRS}").first).to_contain_text(":10 your time")
    inspect(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(
    "options", [{"timezone_id": "Europe/London"}, {"timezone_id": "Asia/Kolkata", "java_script_enabled": False}]
)
def test_nothing_is_beside_ours_here_or_without_scripts(
    cast: Cast, open_page: OpenPage, sign_in: SignIn, options: dict[str, object]
) -> None:
    booking = booked(cast)
    page = open_page(PHONE, **options)
    sign_in(page, cast.student)
    page.goto(reverse("booking_detail", args=[booking.public_id]))
    expect(page.locator("[data-their-time]")).to_have_count(1)
    expect(page.locator(THEIRS)).to_have_count(0)
