"""How long student pages are on a phone, in pixels, at the demonstration's institution."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import User
from demo.seeding import named_people as named
from demo.seeding.diaries import publish, seed_templates
from demo.seeding.filling import seed_configuration, seed_people
from demo.seeding.institution import Institution
from eligibility.models import Activity, ActivityResult
from foundation.values.times import database_now, local_day
from tests.clock import days_later
from tests.journeys.conftest import PHONE, Inspect, OpenPage, SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEIGHT = "document.documentElement.scrollHeight"


def tuesday_in_term(today: date) -> date:
    """The second Tuesday of November, this year or next: always a working day of the autumn term."""
    return next(day for year in (today.year, today.year + 1) if (day := second_tuesday(year)) >= today)


def second_tuesday(year: int) -> date:
    eighth = date(year, 11, 8)
    return eighth + timedelta(days=(1 - eighth.weekday()) % 7)


@pytest.fixture
def northbridge() -> Iterator[User]:
    """Types, people and a fortnight of diaries, in term. Gives a student who has used nothing yet."""
    today = local_day(database_now())
    with days_later((tuesday_in_term(today) - today).days):
        institution = Institution(database_now(), small=True)
        with transaction.atomic():
            seed_configuration(institution)
            seed_people(institution)
            seed_templates(institution)
            publish(institution, institution.today, institution.today + timedelta(days=14))
        student = User.objects.get(email=named.FRESH.email)
        ActivityResult.objects.create(student=student, activity=Activity.objects.get(slug="cv-score"), score=62)
        yield student


def test_pages_of_a_student_are_half_as_long(
    northbridge: User, open_page: OpenPage, signed_in: SignIn, inspect: Inspect
) -> None:
    """At most half of what each measured at 390 px before: 1785, 2695 and 2662 px."""
    page = open_page(PHONE)
    signed_in(page, northbridge)
    measured = {}
    for name, reach in (("home", to_home), ("details", to_details), ("profile", to_profile)):
        reach(page)
        measured[name] = page.evaluate(HEIGHT)
        inspect(page)
    assert measured["home"] <= 893, measured
    assert measured["details"] <= 1348, measured
    assert measured["profile"] <= 1331, measured


def test_what_a_student_may_read_is_short(
    northbridge: User, open_page: OpenPage, signed_in: SignIn, inspect: Inspect
) -> None:
    """No longer than on 28 November 2026: 2518, 1574 and 1676 px. Long lists are folded."""
    page = open_page(PHONE)
    signed_in(page, northbridge)
    measured = {}
    for name in ("policies", "held_list", "eligibility_list"):
        page.goto(reverse(name))
        measured[name] = page.evaluate(HEIGHT)
        inspect(page)
    assert measured["policies"] <= 2560, measured
    assert measured["held_list"] <= 1600, measured
    assert measured["eligibility_list"] <= 1710, measured


def to_home(page: Page) -> None:
    page.goto("/")


def to_details(page: Page) -> None:
    """Through the page of times, which shows one without scrolling."""
    page.goto(reverse("time_list", args=["careers-guidance"]))
    first = page.locator("a.time").first
    box = first.bounding_box()
    assert box
    assert box["y"] + box["height"] <= PHONE["height"], box
    first.click()
    page.get_by_role("button", name="Continue").wait_for()


def to_profile(page: Page) -> None:
    page.goto(reverse("profile_edit"))
