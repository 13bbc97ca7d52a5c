"""A graduate is suspended while signed in: what they and the officers see, in Chromium, with axe on every page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Role
from appointments.models import Booking
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from security.models import LeadKind, SecurityCase
from security.operations.open_lead import open_lead
from tests.cast import Cast
from tests.factories import StudentFactory
from tests.journeys.conftest import DESKTOP, PHONE, Inspect, OpenPage, SignIn
from tests.security.conftest import Office, assemble_office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(cast: Cast) -> Office:
    return assemble_office()


def open_case_about(page: Page, office: Office, inspect: Inspect) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="Security", exact=True)).to_be_visible()
    inspect(page)
    page.get_by_role("link", name="Open a case").click()
    inspect(page)
    page.get_by_label("Who is it about?").fill(office.graduate.email)
    page.get_by_role("button", name="Find").click()
    inspect(page)
    page.get_by_role("link", name="Grace Hill").click()
    expect(page.get_by_text("suspends this graduate at once")).to_be_visible()
    inspect(page)
    page.get_by_label("What is suspected?").fill("Two people used the account at the same time.")
    page.get_by_role("button", name="Suspend and open the case").click()
    expect(page.get_by_text("Case about Grace Hill opened.")).to_be_visible()
    inspect(page)


@pytest.mark.policy("SEC-4")
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_suspended_while_signed_in_then_reinstated_with_the_booking(
    cast: Cast, office: Office, open_page: OpenPage, signed_in: SignIn, sign_in: SignIn, inspect: Inspect, scripts: bool
) -> None:
    booking = book_appointment(student=office.graduate, choice=cast.choice(9), details=Details(), by=office.graduate)
    graduate, officer = open_page(PHONE, java_script_enabled=scripts), open_page(DESKTOP, java_script_enabled=scripts)
    look = inspect if scripts else lambda page: None
    signed_in(graduate, office.graduate)
    signed_in(officer, office.officer)
    graduate.goto(reverse("booking_list"))
    expect(graduate.get_by_role("heading", name="Careers guidance")).to_be_visible()

    open_case_about(officer, office, look)
    graduate.get_by_role("link", name="Careers guidance").first.click()
    expect(graduate.get_by_role("heading", name="Your account is suspended for now")).to_be_visible()
    expect(graduate.get_by_text("careers@example.ac.uk")).to_be_visible()
    look(graduate)
    graduate.goto(reverse("profile_edit"))
    expect(graduate.get_by_role("heading", name="Your account is suspended for now")).to_be_visible()
    assert Booking.objects.get(pk=booking.pk).status == "held"

    officer.get_by_text("Reinstate the account", exact=True).click()
    officer.get_by_label("Why is the account reinstated?").fill("A shared flat")
    look(officer)
    officer.get_by_role("button", name="Reinstate and close the case").click()
    expect(officer.get_by_text("The account is open again")).to_be_visible()
    look(officer)

    graduate.goto("/")
    sign_in(graduate, office.graduate)
    graduate.goto(reverse("booking_detail", args=[booking.public_id]))
    expect(graduate.get_by_role("link", name="Move", exact=True)).to_be_visible()


@pytest.mark.policy("SEC-4")
def test_one_officer_proposes_and_another_confirms(
    cast: Cast, office: Office, wide_and_narrow: Page, open_page: OpenPage, signed_in: SignIn, inspect: Inspect
) -> None:
    booking = book_appointment(student=office.graduate, choice=cast.choice(9), details=Details(), by=office.graduate)
    case = office.case()
    first, second = wide_and_narrow, open_page(PHONE)
    signed_in(first, office.officer)
    signed_in(second, office.second)
    first.goto(reverse("case_detail", args=[case.public_id]))
    first.get_by_text("Propose to terminate it").click()
    first.get_by_label("Why should the account be terminated?").fill("Sold the account")
    inspect(first)
    first.get_by_role("button", name="Propose").click()
    expect(first.get_by_text("A second officer has to confirm it.").first).to_be_visible()
    expect(first.get_by_role("button", name="Confirm: terminate the account")).to_have_count(0)
    inspect(first)
    second.goto("/")
    expect(second.get_by_text("A second officer confirms the termination")).to_be_visible()
    inspect(second)
    second.get_by_role("link", name="Grace Hill").click()
    inspect(second)
    second.get_by_role("button", name="Confirm: terminate the account").click()
    expect(second.get_by_text("The account is terminated. The case is closed.")).to_be_visible()
    inspect(second)
    assert Booking.objects.get(pk=booking.pk).status == "cancelled_by_service"


@pytest.mark.policy("SEC-1", "SEC-3")
def test_a_report_becomes_a_students_case(
    office: Office, wide_and_narrow: Page, open_page: OpenPage, signed_in: SignIn, inspect: Inspect
) -> None:
    reporter, officer = open_page(PHONE), wide_and_narrow
    signed_in(reporter, office.graduate)
    signed_in(officer, office.officer)
    reporter.goto("/")
    reporter.get_by_role("link", name="Report a security concern").click()
    inspect(reporter)
    reporter.get_by_label("What happened?").fill("Sol lets friends book with their account.")
    reporter.get_by_label("Whose account is it about?").fill("Sol Reed")
    reporter.get_by_role("button", name="Send to information governance").click()
    expect(reporter.get_by_role("heading", name="Report received")).to_be_visible()
    inspect(reporter)

    open_lead(person=StudentFactory(), kind=LeadKind.MANY_DEVICES, evidence={"devices": 9, "minutes": 30})
    officer.goto("/")
    inspect(officer)
    officer.get_by_role("link", name="Sol Reed").click()
    inspect(officer)
    officer.get_by_role("link", name="Open a case from this lead").click()
    officer.get_by_role("button", name="Find").click()
    officer.get_by_role("link", name="Sol Reed").click()
    expect(officer.get_by_text("The account stays open")).to_be_visible()
    officer.get_by_role("button", name="Open the case").click()
    inspect(officer)
    officer.get_by_role("link", name=re.compile("Review and send.*School of Law")).click()
    inspect(officer)
    officer.get_by_role("button", name="Send the report").click()
    expect(officer.get_by_text("Sent the report to School of Law.")).to_be_visible()
    officer.get_by_text("Record an outcome").click()
    officer.get_by_label("Disciplinary action").check()
    today = timezone.localdate()
    officer.get_by_label("Date").fill(str(today))
    officer.get_by_label("Who told us?").fill("J. Ward, School of Law")
    inspect(officer)
    officer.get_by_role("button", name="Record", exact=True).click()
    officer.get_by_text("Mark as a breach").click()
    officer.get_by_label("When did the University know?").fill(f"{today - timedelta(days=9)}T09:00")
    officer.get_by_role("button", name="Start the clock").click()
    expect(officer.get_by_text("overdue by").first).to_be_visible()
    inspect(officer)
    officer.goto("/")
    expect(officer.get_by_text("Personal-data breach").first).to_be_visible()
    inspect(officer)
    for show in ("closed", "judged"):
        officer.goto(f"{reverse('security_register')}?show={show}")
        inspect(officer)
    assert SecurityCase.objects.get().person == office.student
    assert office.officer.has_role(Role.INFORMATION_GOVERNANCE)
