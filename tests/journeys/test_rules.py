"""An administrator writes the rule of Applications advice, previews it and schedules it for tomorrow."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from appointments.models import Booking
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from eligibility.models import Activity, ActivityKind, ActivityResult
from tests.cast import Cast
from tests.clock import days_later
from tests.journeys.conftest import DESKTOP, PHONE, Inspect, OpenPage, SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.policy("ELIG-1")]

CLIENTS = {
    "any": [
        {
            "course": {
                "level": ["undergraduate", "postgraduate_taught", "postgraduate_research"],
                "status": ["current"],
            }
        },
        {"course": {"status": ["completed"], "completed_within_years": 2}},
    ]
}


@pytest.fixture
def advice(cast: Cast) -> Cast:
    """Applications advice, open to every student for now, and two activities that could be required for it."""
    cast.type.name, cast.type.slug = "Applications advice", "applications-advice"
    cast.type.save()
    audience = cast.type.audience
    audience.name, audience.rule = "students and recent graduates", CLIENTS
    audience.save()
    Activity.objects.create(slug="cv-essentials", name="CV Essentials", kind=ActivityKind.COMPLETION)
    score = Activity.objects.create(slug="cv-score", name="CV score", kind=ActivityKind.SCORE)
    ActivityResult.objects.create(student=cast.other_student, activity=score, score=82)
    return cast


def press(page: Page, name: str, value: str) -> None:
    """Presses a button of the builder, which adds one condition or part."""
    before = page.locator(".condition").count()
    page.locator(f"button[name={name}][value='{value}']").click()
    expect(page.locator(".condition")).to_have_count(before + 1)


def add(page: Page, what: str, where: str) -> None:
    """Adds a condition. `where` is the path of the part it is added to."""
    page.locator(f"[id='{where}.new']").select_option(label=what)
    press(page, "action", f"add:{where}")


def write_the_rule(page: Page, look: Inspect) -> None:
    """Wraps the old rule as one part, and adds the activities as another."""
    press(page, "action", "wrap")
    add(page, "A group where at least one of these is true", "r")
    for place, activity in enumerate(("CV Essentials: completed", "CV score: score of at least …")):
        add(page, "An activity", "r.1")
        page.locator(f"[id='r.1.{place}.activity']").select_option(label=activity)
        expect(page.locator(".htmx-request")).to_have_count(0)
    page.get_by_role("button", name="Preview the change").click()
    look(page)
    page.get_by_role("link", name="Say from which score on").click()
    page.get_by_label("Score of at least").fill("70")
    page.get_by_role("button", name="Update the summary").click()
    expect(page.get_by_text("if they have completed CV Essentials, or reached 70 in CV score").first).to_be_visible()
    look(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_rule_is_written_previewed_scheduled_and_holds_on_its_day(
    advice: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, scripts: bool
) -> None:
    office = open_page(DESKTOP if scripts else PHONE, java_script_enabled=scripts)
    student, ready = open_page(PHONE, java_script_enabled=scripts), open_page(PHONE, java_script_enabled=scripts)
    look = inspect if scripts else lambda page: None
    signed_in(office, advice.administrator)
    signed_in(student, advice.student)
    signed_in(ready, advice.other_student)
    book_appointment(student=advice.student, choice=advice.choice(9), details=Details(), by=advice.student)
    book = reverse("time_list", args=[advice.type.slug])

    office.goto("/configuration/")
    office.get_by_role("link", name="Eligibility rules").first.click()
    look(office)
    office.get_by_role("link", name="Students and recent graduates").click()
    look(office)
    office.get_by_role("link", name="Change the rule").click()
    look(office)
    write_the_rule(office, look)

    office.get_by_role("button", name="Preview the change").click()
    expect(office.get_by_text("Now also asked: students who have completed CV Essentials")).to_be_visible()
    expect(office.get_by_text("1 person who would not match has 1 appointment booked")).to_be_visible()
    look(office)
    office.get_by_role("button", name="Test on a person").click()
    office.get_by_label("Name, university id or email address").fill("Okafor")
    office.get_by_role("button", name="Find").click()
    office.get_by_role("button", name="Amara Okafor").click()
    expect(office.get_by_role("heading", name="Does not match")).to_be_visible()
    expect(office.get_by_text("Complete CV Essentials").first).to_be_visible()
    look(office)
    office.get_by_role("button", name="Back to the preview").click()
    office.get_by_label("Why?").fill("The board of 20 November wants a CV first.")
    office.get_by_role("button", name="Check and continue").click()
    look(office)
    office.get_by_role("button", name="Schedule the rule").click()
    expect(office.get_by_role("heading", name="The rule is scheduled", level=1)).to_be_visible()
    look(office)
    office.get_by_role("link", name="See the rule and its history").click()
    expect(office.get_by_text("The board of 20 November wants a CV first.")).to_be_visible()
    look(office)

    # Nothing has changed today.
    student.goto(book)
    expect(student.get_by_role("heading", level=1)).to_have_text("Choose a time")

    with days_later(1):
        for page, person in ((student, advice.student), (ready, advice.other_student), (office, advice.administrator)):
            signed_in(page, person)
        student.goto(reverse("type_list"))
        expect(student.get_by_text("Complete CV Essentials").first).to_be_visible()
        ready.goto(book)
        expect(ready.get_by_role("heading", level=1)).to_have_text("Choose a time")
        student.goto(reverse("eligibility_list"))
        student.locator("details summary", has_text=advice.type.name).click()
        expect(student.get_by_text("completed CV Essentials, or reached 70 in CV score").first).to_be_visible()
        look(student)
        office.goto(reverse("audience_detail", args=[advice.type.audience.slug]))
        expect(office.get_by_text("Nothing. The rule in force applies")).to_be_visible()
        assert Booking.objects.get().status == "booked"
