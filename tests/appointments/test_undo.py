"""For some seconds, a cancellation can be undone by the person who made it: then it never was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, User
from appointments.models import Booking
from appointments.operations.book import book_appointment
from appointments.operations.choice import Choice, Details
from appointments.operations.undo_cancellation import undo_cancellation
from documents.models import Document, DocumentShare
from eligibility.models import AllocationUse, Hold, Period
from foundation.outcomes.refusals import result_or_refusal
from foundation.values.times import database_now, local_day
from messaging.models import DeliveryState, OutboxMessage
from messaging.operations.deliver import deliver_due
from tests.appointments.racing import race
from tests.appointments.student_browser import as_, booked, page_of
from tests.appointments.undone import all_of, by_service, by_student, code_of, later, set_seconds
from tests.cast import Cast, assemble
from tests.factories import AppointmentTypeFactory, StudentFactory, stored_booking
from tests.page_parts import refusals

pytestmark = pytest.mark.django_db


each_way = pytest.mark.parametrize("cancel", [by_student, by_service])


@each_way
@pytest.mark.policy("ELIG-2")
def test_undone_it_is_booked_exactly_as_before(cast: Cast, cancel: Callable[[Booking], User]) -> None:
    booking = booked(cast)
    deliver_due()
    before = all_of(booking)
    assert before["uses"]
    assert before["waiting"]
    by = cancel(booking)
    assert not AllocationUse.objects.exists()
    assert deliver_due() == 0
    undo_cancellation(booking=booking, by=by)
    assert all_of(booking) == before
    later_messages = OutboxMessage.objects.filter(kind="appointments.cancelled")
    assert [each.state for each in later_messages] == [DeliveryState.CANCELLED]
    assert AuditEntry.objects.filter(actor=by, action="cancellation_undone").count() == 1


def test_shared_documents_are_shared_again(cast: Cast) -> None:
    booking = booked(cast)
    document = _document(cast.student)
    DocumentShare.objects.create(document_id=document, **booking.source.fields)
    before = all_of(booking)
    by = by_service(booking)
    assert not DocumentShare.objects.exists()
    undo_cancellation(booking=booking, by=by)
    assert all_of(booking)["shares"] == before["shares"] == [document]


def _document(owner: User) -> int:
    return Document.objects.create(owner=owner, kind="cv", name="CV").pk


@each_way
def test_cancelled_again_it_is_told(cast: Cast, cancel: Callable[[Booking], User]) -> None:
    """The withdrawn email must not keep its key from the next one."""
    booking = booked(cast)
    undo_cancellation(booking=booking, by=cancel(booking))
    deliver_due()
    cancel(booking)
    later(booking)
    assert deliver_due() == 1
    told = OutboxMessage.objects.filter(kind="appointments.cancelled", state=DeliveryState.SENT)
    assert told.count() == 1


@each_way
def test_after_the_time_the_student_is_told_and_it_stays_cancelled(cast: Cast, cancel: Callable[..., User]) -> None:
    booking = booked(cast)
    deliver_due()
    by = cancel(booking)
    later(booking)
    assert code_of(undo_cancellation, booking=booking, by=by) == "undo_too_late"
    assert deliver_due() == 1
    assert Booking.objects.get().is_cancelled


def test_an_appointment_in_a_minute_is_cancelled_told_and_undone(cast: Cast) -> None:
    starts = database_now() + timedelta(minutes=1)
    urgent = stored_booking(cast.student, cast.adviser, cast.type, cast.room, starts)
    by_service(urgent)
    later(urgent)
    assert deliver_due() == 1
    other = stored_booking(cast.other_student, cast.other_adviser, cast.type, cast.other_room, starts)
    before = all_of(other)
    undo_cancellation(booking=other, by=by_service(other))
    assert all_of(other) == before


@each_way
def test_only_who_cancelled_undoes_it_and_twice_is_harmless(cast: Cast, cancel: Callable[[Booking], User]) -> None:
    booking = booked(cast)
    assert code_of(undo_cancellation, booking=booking, by=cast.student) == "nothing_to_undo"
    by = cancel(booking)
    others = {cast.student, cast.adviser, cast.manager, cast.other_student} - {by}
    assert {code_of(undo_cancellation, booking=booking, by=each) for each in others} == {"not_yours"}
    undo_cancellation(booking=booking, by=by)
    before = all_of(booking)
    undo_cancellation(booking=booking, by=by)
    assert all_of(booking) == before


@each_way
def test_a_time_taken_since_is_refused_with_others(cast: Cast, cancel: Callable[[Booking], User]) -> None:
    booking = booked(cast)
    by = cancel(booking)
    booked(cast, student=cast.other_student)
    cancelled = all_of(booking)
    _, refused = result_or_refusal(undo_cancellation, booking=booking, by=by)
    assert refused
    assert (refused.code, bool(refused.alternatives)) == ("time_taken", True)
    assert all_of(booking) == cancelled


@pytest.mark.parametrize("period", [Period.ACADEMIC_YEAR, Period.AT_ONE_TIME])
def test_what_the_student_used_since_is_not_used_twice(cast: Cast, period: str) -> None:
    cast.policy.limit, cast.policy.period = 1, period
    cast.policy.save()
    booking = booked(cast)
    by_student(booking)
    booked(cast, 11)
    assert code_of(undo_cancellation, booking=booking, by=cast.student) == "allocation_used"


def test_a_late_cancellation_keeps_counting_once(cast: Cast) -> None:
    cast.type.cancel_notice_minutes = 60 * 24 * 30
    cast.type.save()
    booking = booked(cast)
    before = all_of(booking)
    by_student(booking)
    assert AllocationUse.objects.count() == 1
    undo_cancellation(booking=booking, by=cast.student)
    assert all_of(booking) == before


def test_only_times_that_the_student_may_book_are_offered_instead(cast: Cast) -> None:
    booking = booked(cast)
    by_student(booking)
    booked(cast, student=cast.other_student)
    during = (local_day(database_now()), local_day(database_now()) + timedelta(days=30))
    Hold.objects.create(student=cast.student, during=during, reason="r", message="m", decided_by=cast.manager)
    _, refused = result_or_refusal(undo_cancellation, booking=booking, by=cast.student)
    assert refused
    assert (refused.code, refused.alternatives) == ("time_taken", [])


def test_a_hold_that_keeps_no_bookings_is_not_got_round(cast: Cast) -> None:
    booking = booked(cast)
    by_student(booking)
    day = local_day(database_now())
    during = (day, day + timedelta(days=30))
    Hold.objects.create(
        student=cast.student, during=during, reason="Three missed", message="Talk to us.", decided_by=cast.manager,
        keeps_bookings=False,
    )  # fmt: skip
    assert code_of(undo_cancellation, booking=booking, by=cast.student) == "on_hold"


def test_a_place_in_a_group_is_taken_again_if_one_is_left(cast: Cast) -> None:
    group = AppointmentTypeFactory(policies=[], capacity=2)
    cast.adviser.diary_blocks.get().types.add(group)
    choice = partial(_group_choice, cast, group)

    def join(student: User) -> Booking:
        return book_appointment(student=student, choice=choice(), details=Details(), by=student)

    first, _ = join(cast.student), join(cast.other_student)
    by_student(first)
    undo_cancellation(booking=first, by=cast.student)
    assert Booking.objects.get(pk=first.pk).seat == 1
    by_student(first)
    join(StudentFactory())
    assert code_of(undo_cancellation, booking=first, by=cast.student) == "session_full"


def _group_choice(cast: Cast, group: Any) -> Any:
    return Choice(group, cast.starts(9), cast.adviser, "in_person", cast.room)


def test_pages_of_a_student_cancel_and_undo(cast: Cast) -> None:
    booking, client = booked(cast), as_(cast.student)
    undo = page_of("booking_undo", booking)
    done = client.post(page_of("booking_cancel", booking), follow=True)
    assert f'action="{undo}"' in done.content.decode()
    assert client.post(undo, follow=True).status_code == 200
    assert Booking.objects.get().occupies_time
    client.post(page_of("booking_cancel", booking))
    booked(cast, student=cast.other_student)
    gone = client.post(undo)
    assert (gone.status_code, refusals(gone)) == (409, ["time_taken"])
    assert gone.context["alternatives"]
    assert gone.context["links"]["times"] == reverse("time_list", args=[cast.type.slug])


def test_pages_of_staff_cancel_and_undo(cast: Cast) -> None:
    booking, client = booked(cast), as_(cast.front_desk)
    undo, cancel = page_of("staff_booking_undo", booking), page_of("staff_booking_cancel", booking)
    said = {"who": "service", "reason": "Ill", "told_reason": "We are ill."}
    done = client.post(cancel, said, follow=True)
    assert f'action="{undo}"' in done.content.decode()
    client.post(undo)
    assert Booking.objects.get().occupies_time
    client.post(cancel, said)
    booked(cast, student=cast.other_student)
    times = reverse("staff_time_list", args=[cast.student.public_id, cast.type.slug])
    assert client.post(undo)["Location"].startswith(times)
    assert Booking.objects.get(pk=booking.pk).is_cancelled


@pytest.mark.django_db(transaction=True)
@pytest.mark.races
def test_of_undoing_and_taking_the_time_one_wins(transactional_db: None) -> None:
    cast = assemble()
    set_seconds(120)
    for hour in (9, 11, 13):
        booking = booked(cast, hour)
        by_student(booking)
        take = partial(
            book_appointment, student=cast.other_student, choice=cast.choice(hour), details=Details(),
            by=cast.other_student,
        )  # fmt: skip
        undo = partial(undo_cancellation, booking=booking, by=cast.student)
        outcome = race([undo, take, undo, undo])
        assert not outcome.broken
        assert outcome.codes <= {"time_taken"}
        there = Booking.objects.occupying().filter(adviser=cast.adviser, during__startswith=cast.starts(hour))
        assert there.count() == 1
        uses = AllocationUse.objects.filter(**booking.source.fields).count()
        assert uses == (1 if there.get().pk == booking.pk else 0)
        told = OutboxMessage.objects.filter(regarding=booking.public_id, kind="appointments.cancelled").get()
        assert (told.state == DeliveryState.CANCELLED) == (there.get().pk == booking.pk)
