"""“Eligibility for services” on a phone, signed out and as a student; and an administrator imports results."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from eligibility.models import Activity, ActivityKind
from tests.cast import Cast
from tests.factories import AppointmentTypeFactory, AudienceFactory
from tests.journeys.conftest import Inspect, SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.policy("ELIG-1")]


@pytest.fixture
def advice(cast: Cast) -> None:
    Activity.objects.create(slug="cv-essentials", name="CV Essentials", kind=ActivityKind.COMPLETION)
    rule = {"activity": "cv-essentials", "name": "CV Essentials", "completed": True}
    AppointmentTypeFactory(slug="applications-advice", name="Applications advice", audience=AudienceFactory(rule=rule))


def test_a_student_reads_what_applies_to_them(
    cast: Cast, advice: None, phone: Page, sign_in: SignIn, inspect: Inspect
) -> None:
    phone.goto("/privacy/")
    phone.get_by_role("link", name="Eligibility for services").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Eligibility for services")
    expect(phone.get_by_role("heading", name="Applications advice")).to_be_visible()
    expect(phone.locator("main .refusal")).to_have_count(0)
    inspect(phone)
    phone.locator("summary", has_text="Applications advice").click()
    expect(phone.get_by_text("Students who have completed CV Essentials.")).to_be_visible()
    inspect(phone)
    phone.goto("/accessibility/")
    phone.goto("/eligibility/#applications-advice")  # a link to a type opens it
    expect(phone.get_by_text("Students who have completed CV Essentials.")).to_be_in_viewport()
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    sign_in(phone, cast.student)
    phone.get_by_role("link", name="Eligibility for services").first.click()
    guidance = phone.locator("details", has_text="Careers guidance")
    expect(guidance.locator("summary").get_by_text("Open to you")).to_be_visible()
    guidance.locator("summary").click()
    expect(guidance.get_by_text("3 of 3 left for")).to_be_visible()
    phone.locator("summary", has_text="Applications advice").click()
    expect(phone.get_by_text("Complete CV Essentials.")).to_be_visible()
    inspect(phone)
    guidance.get_by_role("link", name="See free times").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Choose a time")


def test_an_administrator_sends_in_what_opens_it(
    cast: Cast, advice: None, wide_and_narrow: Page, signed_in: SignIn, inspect: Inspect, tmp_path: Path
) -> None:
    page, file = wide_and_narrow, tmp_path / "results.csv"
    file.write_text(
        f"university_id,activity,completed_on\n{cast.student.university_id},cv-essentials,2026-10-03\nS99,cv-essentials,\n"
    )
    signed_in(page, cast.administrator)
    page.goto("/configuration/")
    page.get_by_role("link", name="Import results").click()
    inspect(page)
    page.get_by_label("File of results").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    expect(page.locator("main form button[formaction], main form[action] button").first).to_be_visible()
    inspect(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download them with the reasons").click()
    assert len(download.value.path().read_text().splitlines()) == 2, "the header and one row"
    page.get_by_role("button", name="Record 1 result").click()
    expect(page.get_by_text("Recorded: 1 new")).to_be_visible()
    inspect(page)

    signed_in(page, cast.student)
    page.goto("/")
    page.locator("summary", has_text="What you have done").click()
    expect(page.get_by_text("complete since 3 October 2026")).to_be_visible()
    inspect(page)
    page.goto("/eligibility/")
    expect(page.locator("summary", has_text="Applications advice").get_by_text("Open to you")).to_be_visible()
