"""A miss, a message, an accepted query and a new booking; three misses, a hold, an appeal and its end. With axe."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Role
from appointments.models import AppointmentType, Booking
from appointments.operations.attendance import mark_attendance
from appointments.operations.book import book_appointment, count_use
from appointments.operations.choice import Choice, Details
from eligibility.models import Grant, Hold, Period, Strike
from eligibility.models.misses import SHIPPED
from eligibility.selectors.student_facts import student_context
from foundation.values.times import database_now, plain_day
from messaging.models import OutboxMessage
from messaging.operations.deliver import deliver_message
from queries.models import Query
from tests.cast import Cast
from tests.factories import UserFactory, miss_rules, stored_booking
from tests.journeys.conftest import DESKTOP, PHONE, Inspect, OpenPage, SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def missed(cast: Cast, hours_ago: int = 2) -> Booking:
    starts = database_now() - timedelta(hours=hours_ago)
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, starts)
    count_use(booking, cast.type, cast.student, student_context(cast.student.pk))
    return mark_attendance(booking=booking, outcome="missed", by=cast.adviser)


@pytest.mark.policy("ELIG-2", "ELIG-3", "MAIL-1")
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_missed_asked_about_explained_accepted_and_booked_again(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, scripts: bool
) -> None:
    cast.policy.limit, cast.policy.period = 1, Period.EVER
    cast.policy.save()
    miss_rules(*SHIPPED, per="ever", wait_hours=0)
    missed(cast)
    look = inspect if scripts else lambda page: None
    message = OutboxMessage.objects.get(kind="eligibility.missed")
    deliver_message(message.public_id)
    message.refresh_from_db()
    assert "Tell us what happened" in message.body_text
    student, manager = open_page(PHONE, java_script_enabled=scripts), open_page(DESKTOP, java_script_enabled=scripts)
    signed_in(student, cast.student)
    signed_in(manager, cast.manager)

    student.goto(reverse("time_list", args=[cast.type.slug]))
    expect(student.get_by_text("0 of 1 left").first).to_be_visible()
    student.goto(reverse("strike_list"))
    expect(student.get_by_text("1 missed appointment counts")).to_be_visible()
    look(student)
    student.get_by_role("link", name="Tell us what happened").click()
    expect(student.get_by_text("missed on").first).to_be_visible()
    look(student)
    student.get_by_label("Subject").fill("In hospital")
    student.get_by_label("Your message").fill("I was taken in that morning.")
    student.get_by_role("button", name="Send").click()
    expect(student.get_by_role("heading", name="In hospital")).to_be_visible()
    look(student)
    student.get_by_role("link", name="My queries").first.click()
    look(student)

    manager.goto(reverse("query_inbox"))
    look(manager)
    if scripts:
        manager.keyboard.press("j")
        manager.keyboard.press("Enter")
    else:
        manager.get_by_role("link", name="In hospital").click()
    expect(manager.get_by_role("heading", name="Decide", exact=True)).to_be_visible()
    look(manager)
    manager.get_by_label("Accept: excuse the absence and grant one more appointment").check()
    manager.get_by_label("Reason (the student sees this)").fill("We are sorry, and hope that you are well.")
    manager.get_by_role("button", name="Decide and tell the student").click()
    expect(manager.get_by_text("Decided, and the student is told.")).to_be_visible()
    look(manager)
    assert Strike.objects.get().is_excused
    assert Grant.objects.count() == 1

    student.goto(reverse("strike_list"))
    expect(student.get_by_text("Excused", exact=True)).to_be_visible()
    student.goto(reverse("time_list", args=[cast.type.slug]))
    expect(student.get_by_role("heading", level=1)).to_have_text("Choose a time")


@pytest.mark.policy("ELIG-3")
def test_three_misses_a_hold_refused_appealed_and_lifted(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect
) -> None:
    miss_rules(*SHIPPED, per="ever")
    cast.policy.limit = 9
    cast.policy.save()
    for hours in (2, 30, 60):
        missed(cast, hours)
    student, manager = open_page(PHONE), open_page(DESKTOP)
    signed_in(student, cast.student)
    signed_in(manager, cast.manager)

    manager.goto("/")
    manager.get_by_role("link", name="Attendance").first.click()
    inspect(manager)
    manager.get_by_role("link", name=cast.student.name).click()
    expect(manager.get_by_role("heading", name="A hold is proposed")).to_be_visible()
    inspect(manager)
    assert not Hold.objects.exists()
    manager.get_by_role("link", name="Put bookings on hold").click()
    inspect(manager)
    manager.get_by_label("Reason for the record").fill("Three missed, no answer.")
    manager.get_by_role("button", name="Put on hold and tell the student").click()
    expect(manager.get_by_text("is on hold. We’ve emailed them.")).to_be_visible()
    inspect(manager)

    student.goto(reverse("type_list"))
    expect(student.get_by_text("we would like to talk with you before the next").first).to_be_visible()
    inspect(student)
    student.goto(reverse("strike_list"))
    inspect(student)
    student.get_by_role("link", name="Appeal or talk to us").click()
    student.get_by_label("Subject").fill("I was at a funeral")
    student.get_by_label("Your message").fill("Twice. I should have told you.")
    student.get_by_role("button", name="Send").click()
    expect(student.get_by_role("heading", name="I was at a funeral")).to_be_visible()
    assert Query.objects.get().category == "appeal"

    manager.goto(reverse("query_inbox"))
    manager.get_by_role("link", name="I was at a funeral").click()
    inspect(manager)
    expect(manager.get_by_role("button", name="Send and resolve")).to_have_count(0)
    inspect(manager)
    student.goto(reverse("strike_list"))
    expect(student.get_by_text(Hold.objects.get().appeal_words)).to_be_visible()
    expect(student.locator("a[href*='category=appeal']")).to_have_count(0)
    inspect(student)
    other = open_page(DESKTOP)
    signed_in(other, UserFactory(roles=[Role.CAREERS_MANAGER]))
    other.goto(reverse("query_answer", args=[Query.objects.get().public_id]))
    other.get_by_role("textbox", name="Reply").fill("Thank you for telling us. Hold lifted.")
    other.get_by_role("button", name="Send and resolve").click()
    expect(other.get_by_text("Reply sent.")).to_be_visible()
    student.goto(reverse("type_list"))
    expect(student.get_by_text(Hold.objects.get().appeal_words).first).to_be_visible()
    manager.goto(reverse("attendance_story", args=[cast.student.public_id]))
    manager.get_by_role("link", name="Lift the hold").click()
    inspect(manager)
    manager.get_by_label("Reason").fill("We talked.")
    manager.get_by_role("button", name="Lift the hold").click()
    expect(manager.get_by_text("Hold lifted.")).to_be_visible()
    student.goto(reverse("type_list"))
    expect(student.get_by_role("link", name=cast.type.name)).to_be_visible()


@pytest.mark.policy("ELIG-2")
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_excused_with_one_more_that_is_booked_cancelled_and_booked_again(
    cast: Cast, open_page: OpenPage, signed_in: SignIn, inspect: Inspect, scripts: bool
) -> None:
    cast.policy.limit, cast.policy.period = 1, Period.ACADEMIC_YEAR
    cast.policy.save()
    missed(cast)
    look = inspect if scripts else lambda page: None
    student, manager = open_page(PHONE, java_script_enabled=scripts), open_page(DESKTOP, java_script_enabled=scripts)
    signed_in(student, cast.student)
    signed_in(manager, cast.manager)
    manager.goto(reverse("attendance_story", args=[cast.student.public_id]))
    manager.get_by_role("link", name="Excuse").first.click()
    look(manager)
    manager.locator("#id_one_more").check()
    manager.locator("main form button").click()
    expect(manager.locator("#id_one_more")).to_be_checked()
    look(manager)
    manager.locator("#id_because").fill("In hospital.")
    manager.locator("main form button").click()
    expect(manager).to_have_url(re.compile(reverse("attendance_story", args=[cast.student.public_id])))
    look(manager)
    grant = Grant.objects.get()
    student.goto("/")
    expect(student.get_by_text(plain_day(grant.expires_on)).first).to_be_visible()
    look(student)
    for number in (1, 2):
        booking = book_appointment(
            student=cast.student, choice=fresh(cast), details=Details(topic=str(number)), by=cast.student
        )
        student.goto(reverse("time_list", args=[cast.type.slug]))
        expect(student.get_by_text("0 of 2 left").first).to_be_visible()
        if number == 1:
            student.goto(reverse("booking_cancel", args=[booking.public_id]))
            student.locator("main form button").click()
    assert Grant.objects.with_use().get().used_count == 1


def fresh(cast: Cast) -> Choice:
    """The choice with limits as they are now."""
    return replace(cast.choice(), type=AppointmentType.objects.with_rules().get())
