"""Careers staff do not learn who has declared a disability, nor the front desk what was said in confidence (DATA-6)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccessNeeds, AuditEntry, User
from appointments.models import AppointmentType, Booking, DiaryBlock
from appointments.operations.book import book_appointment
from appointments.operations.choice import Choice, Details
from appointments.operations.move import move_booking
from appointments.rules.in_confidence import asks_about_disability
from appointments.selectors.students import student_record
from eligibility.selectors.student_facts import student_context
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now
from tests.appointments.api_cast import Program
from tests.cast import Cast
from tests.factories import AllocationPolicyFactory, AppointmentTypeFactory, AudienceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-6")]

DECLARED = {"declares_disability": True}
SAID = "Something that only my adviser should read"


@pytest.fixture
def private(cast: Cast) -> AppointmentType:
    """A type for people who declared a disability; `cast.student` has, `cast.other_student` has not."""
    AccessNeeds.objects.create(person=cast.student, declares_disability=True)
    audience = AudienceFactory(rule={"all": [{"everybody": True}, {"any": [DECLARED]}]})
    limit = AllocationPolicyFactory(name="Disability talks", audience=audience)
    made: AppointmentType = AppointmentTypeFactory(name="Disability talk", audience=audience, policies=[limit])
    DiaryBlock.objects.get(adviser=cast.adviser).types.add(made)
    return made


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def offer(user: User, student: User) -> str:
    """How the list of types shows the private one."""
    page = as_(user).get(reverse("staff_type_list", args=[student.public_id])).content.decode()
    [shown] = [each for each in re.findall(r'<li class="offer.*?</li>', page, re.DOTALL) if "Disability talk" in each]
    return shown.replace(student.public_id, "")


@pytest.mark.parametrize("who", ["front_desk", "adviser", "manager"])
def test_the_list_says_the_same_of_everybody(cast: Cast, private: AppointmentType, who: str) -> None:
    reader = getattr(cast, who)
    assert offer(reader, cast.student) == offer(reader, cast.other_student)
    assert (f"/book/{private.slug}/" in offer(reader, cast.student)) is (who != "front_desk")


@pytest.mark.parametrize("route", ["staff_time_list", "staff_booking_create"])
def test_the_front_desk_goes_no_further(cast: Cast, private: AppointmentType, route: str) -> None:
    for student in (cast.student, cast.other_student):
        page = reverse(route, args=[student.public_id, private.slug])
        assert as_(cast.front_desk).get(page, {"start": cast.starts(9).isoformat()}).status_code == 404
        assert as_(cast.adviser).get(page, {"start": cast.starts(9).isoformat()}).status_code == 200


def choice(cast: Cast, type: AppointmentType, hour: int = 9) -> Choice:
    return Choice(type, cast.starts(hour), cast.adviser, "in_person", cast.room)


def test_nor_by_a_program_or_a_move(cast: Cast, private: AppointmentType) -> None:
    for student in (cast.student, cast.other_student):
        with pytest.raises(Refused) as refused:
            book_appointment(student=student, choice=choice(cast, private), details=Details(), by=cast.front_desk)
        assert refused.value.code == "student_or_adviser_books"
    booking = book_appointment(student=cast.student, choice=choice(cast, private), details=Details(), by=cast.student)
    with pytest.raises(Refused) as refused:
        move_booking(booking=booking, choice=choice(cast, private, 10), by=cast.front_desk)
    assert refused.value.code == "student_or_adviser_books"
    desk = as_(cast.front_desk)
    assert desk.get(reverse("staff_booking_move", args=[booking.public_id])).status_code == 404
    assert desk.get(reverse("staff_booking_detail", args=[booking.public_id])).context["can_change"] is False
    assert as_(cast.adviser).get(reverse("staff_booking_move", args=[booking.public_id])).status_code == 200


@pytest.mark.parametrize("who", ["front_desk", "adviser"])
def test_a_program_is_not_told_the_decision(cast: Cast, private: AppointmentType, who: str) -> None:
    staff = Program(getattr(cast, who))
    for student in (cast.student, cast.other_student):
        said: Any = staff.get(f"/appointment-types/{private.slug}/", student=student.public_id).json()  # type: ignore[attr-defined]
        assert (said["may_book"], said["reasons"]) == (None, [])
    own: Any = Program(cast.student).get(f"/appointment-types/{private.slug}/").json()  # type: ignore[attr-defined]
    assert own["may_book"] is True


def test_what_an_adviser_sees_is_recorded_once_a_day(cast: Cast, private: AppointmentType) -> None:
    page = reverse("staff_time_list", args=[cast.student.public_id, private.slug])
    for _ in range(2):
        as_(cast.adviser).get(page)
    as_(cast.adviser).get(reverse("staff_time_list", args=[cast.student.public_id, cast.type.slug]))
    entry = AuditEntry.objects.get(subject="declared_disability")
    assert (entry.action, entry.actor, entry.student) == ("read", cast.adviser, cast.student)
    assert AuditEntry.objects.readings_of(cast.student).filter(pk=entry.pk).exists()


def test_the_students_page_does_not_count_it(cast: Cast, private: AppointmentType) -> None:
    record = student_record(cast.student, student_context(cast.student.pk), database_now())
    assert [each.policy.name for each in record.balances] == [cast.policy.name]


@pytest.mark.parametrize(
    ("rule", "coming", "asks"),
    [
        (DECLARED, [], True),
        ({"none": [{"any": [DECLARED, {"everybody": True}]}]}, [], True),
        ({"everybody": True}, [["2100-01-01", DECLARED]], True),
        ({"unreadable": 1}, [], True),
        ({"everybody": True}, [["2100-01-01", {}]], False),
        ({}, [], False),
    ],
)
def test_which_types_would_tell(rule: object, coming: list[object], asks: bool) -> None:
    type = AppointmentTypeFactory.build(audience=AudienceFactory.build(rule=rule, coming=coming))
    assert asks_about_disability(type) is asks


@pytest.mark.parametrize(
    ("who", "by_nature", "reads"),
    [
        ("student", True, True),
        ("adviser", True, True),
        ("manager", True, True),
        ("front_desk", True, False),
        ("front_desk", False, True),
    ],
)
def test_what_was_said_in_confidence(cast: Cast, who: str, by_nature: bool, reads: bool) -> None:
    AppointmentType.objects.update(confidential_by_nature=by_nature)
    details = Details(topic=SAID, help_wanted=SAID, answers={"why": SAID})
    booking = book_appointment(student=cast.student, choice=cast.choice(9), details=details, by=cast.student)
    reader = getattr(cast, who)
    answer: Any = Program(reader).get(f"/bookings/{booking.public_id}/")
    assert ({"topic", "help_wanted", "answers"} <= set(answer.json())) is reads
    if who != "student":
        page = as_(reader).get(reverse("staff_booking_detail", args=[booking.public_id])).content.decode()
        assert (SAID in page) is reads


def test_the_front_desk_sees_access_needs_of_people_who_are_coming(cast: Cast) -> None:
    AccessNeeds.objects.create(person=cast.student, text="Captions", declares_disability=True)
    desk, page = as_(cast.front_desk), reverse("student_detail", args=[cast.student.public_id])
    assert "Captions" not in desk.get(page).content.decode()
    assert not AuditEntry.objects.filter(subject="access_needs").exists()
    booking: Booking = book_appointment(
        student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student
    )  # fmt: skip
    assert "Captions" in desk.get(page).content.decode()
    assert AuditEntry.objects.filter(subject="access_needs", actor=cast.front_desk).count() == 1
    assert booking.student == cast.student
