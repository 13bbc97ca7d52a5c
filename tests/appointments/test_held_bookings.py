"""Bookings of a person whose account is suspended are held, not lost (SEC-4)."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import AuditEntry, User
from accounts.operations.account_status import reinstate_account, suspend_account, terminate_account
from appointments.models import Booking, BookingStatus, TimeOut
from appointments.operations.attendance import mark_attendance
from appointments.operations.book import book_appointment
from appointments.operations.cancel import cancel_booking
from appointments.operations.choice import Details, Override
from appointments.operations.hold import cancel_passed_holds
from appointments.operations.move import move_booking
from appointments.selectors.rearrange import bookings_to_rearrange
from appointments.selectors.staff_pages import staff_day
from eligibility.models import AllocationUse, Strike
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now
from messaging.models import DeliveryState, OutboxMessage
from messaging.operations.deliver import deliver_message
from tests.cast import Cast
from tests.factories import stored_booking

pytestmark = [pytest.mark.django_db, pytest.mark.policy("SEC-4")]


@pytest.fixture
def officer(cast: Cast) -> User:
    """Whoever decides. The diary does not record who, so it may be anybody."""
    return cast.outsider


def booked(cast: Cast, hour: int = 9) -> Booking:
    return book_appointment(student=cast.student, choice=cast.choice(hour), details=Details(), by=cast.student)


def now(booking: Booking) -> Booking:
    return Booking.objects.get(pk=booking.pk)


def messages(booking: Booking, *states: str) -> list[str]:
    kinds = OutboxMessage.objects.filter(regarding=booking.public_id, state__in=states).order_by("pk")
    return [kind.removeprefix("appointments.") for kind in kinds.values_list("kind", flat=True)]


def test_only_bookings_ahead_are_held(cast: Cast, officer: User) -> None:
    ahead, arrived = booked(cast, 9), booked(cast, 11)
    Booking.objects.filter(pk=arrived.pk).update(status=BookingStatus.ARRIVED, arrived_at=database_now())
    begun = stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now() - timedelta(minutes=10))
    over = stored_booking(
        cast.student, cast.adviser, cast.type, cast.room, database_now() - timedelta(days=3), status="attended"
    )
    other = book_appointment(
        student=cast.other_student, choice=cast.choice(13), details=Details(), by=cast.other_student
    )
    suspend_account(person=cast.student, by=officer)
    assert [now(b).status for b in (ahead, arrived)] == ["held", "held"]
    assert [now(b).status for b in (begun, over, other)] == ["booked", "attended", "booked"]


def test_a_held_booking_keeps_its_time_and_still_counts(cast: Cast, officer: User) -> None:
    booked(cast)
    suspend_account(person=cast.student, by=officer)
    with pytest.raises(Refused) as refused:
        book_appointment(student=cast.other_student, choice=cast.choice(9), details=Details(), by=cast.other_student)
    assert refused.value.code == "time_taken"
    assert AllocationUse.objects.filter(student=cast.student).count() == 1


@pytest.mark.policy("APPT-5")
def test_reminders_are_withdrawn_and_come_back(cast: Cast, officer: User) -> None:
    booking = booked(cast)
    reminders = ["reminder", "reminder_text"]
    assert messages(booking, DeliveryState.QUEUED) == ["booked", *reminders]
    suspend_account(person=cast.student, by=officer)
    assert messages(booking, DeliveryState.QUEUED) == ["held"]
    reinstate_account(person=cast.student, by=officer)
    assert now(booking).status == BookingStatus.BOOKED
    assert messages(booking, DeliveryState.QUEUED) == ["released", *reminders]
    due = OutboxMessage.objects.filter(kind="appointments.reminder", state=DeliveryState.QUEUED).get()
    assert due.not_before == booking.starts_at - timedelta(hours=24)


@pytest.mark.policy("APPT-5")
def test_a_reminder_that_a_dispatcher_holds_already_is_not_sent(cast: Cast, officer: User) -> None:
    booked(cast)
    suspend_account(person=cast.student, by=officer)
    reminder = OutboxMessage.objects.get(kind="appointments.reminder")
    OutboxMessage.objects.filter(pk=reminder.pk).update(state=DeliveryState.QUEUED, try_at=database_now())
    deliver_message(reminder.public_id)
    reminder.refresh_from_db()
    assert reminder.state == DeliveryState.CANCELLED


def test_they_are_told_in_dignified_words(cast: Cast, officer: User) -> None:
    booking = booked(cast)
    suspend_account(person=cast.student, by=officer)
    held = OutboxMessage.objects.get(kind="appointments.held")
    deliver_message(held.public_id)
    held.refresh_from_db()
    assert held.state == DeliveryState.SENT
    assert "keep your place" in held.body_text
    assert "won’t count" in held.body_text
    assert booking.when.partition(" to ")[0] in held.subject
    assert "/appointments/" not in held.body_text


def test_after_reinstatement_in_time_the_booking_takes_place(cast: Cast, officer: User) -> None:
    booking = booked(cast)
    suspend_account(person=cast.student, by=officer)
    reinstate_account(person=cast.student, by=officer)
    back = now(booking)
    assert (back.status, back.sequence, back.ended_at) == (BookingStatus.BOOKED, 2, None)
    assert AllocationUse.objects.filter(source_id=booking.public_id).exists()
    entries = AuditEntry.objects.filter(subject="booking", action__in=["held", "released"])
    assert set(entries.values_list("actor", "action")) == {(None, "held"), (None, "released")}


def test_after_termination_the_service_cancels_and_gives_back(cast: Cast, officer: User) -> None:
    booking = booked(cast)
    suspend_account(person=cast.student, by=officer)
    terminate_account(person=cast.student, by=officer)
    over = now(booking)
    assert over.status == BookingStatus.CANCELLED_BY_SERVICE
    assert over.ended_at is not None
    assert not AllocationUse.objects.exists()
    book_appointment(student=cast.other_student, choice=cast.choice(9), details=Details(), by=cast.other_student)
    cancelled = OutboxMessage.objects.get(kind="appointments.cancelled")
    deliver_message(cancelled.public_id)
    cancelled.refresh_from_db()
    assert reverse("type_list") not in cancelled.body_text
    assert "doesn’t count" in cancelled.body_text


def passed(cast: Cast, officer: User) -> Booking:
    """A held booking whose start passed without a decision."""
    booking = booked(cast)
    suspend_account(person=cast.student, by=officer)
    start = database_now() - timedelta(minutes=5)
    moved = stored_booking(
        cast.student, cast.other_adviser, cast.type, cast.other_room, start, status=BookingStatus.HELD
    )
    AllocationUse.objects.filter(source_id=booking.public_id).update(source_id=moved.public_id)
    booking.delete()
    return moved


def test_a_held_booking_whose_start_has_passed_is_cancelled_not_missed(cast: Cast, officer: User) -> None:
    booking = passed(cast, officer)
    for outcome in ("missed", "attended", "arrived"):
        with pytest.raises(Refused) as refused:
            mark_attendance(booking=booking, outcome=outcome, by=cast.manager)
        assert refused.value.code == "held"
    call_command("cancel_passed_holds")
    assert now(booking).status == BookingStatus.CANCELLED_BY_SERVICE
    assert not Strike.objects.exists()
    assert not AllocationUse.objects.exists()
    assert cancel_passed_holds() == 0


def test_after_late_reinstatement_it_is_cancelled_and_given_back(cast: Cast, officer: User) -> None:
    booking = passed(cast, officer)
    reinstate_account(person=cast.student, by=officer)
    assert now(booking).status == BookingStatus.CANCELLED_BY_SERVICE
    assert not AllocationUse.objects.exists()


def test_the_task_does_not_touch_held_bookings_ahead(cast: Cast, officer: User) -> None:
    booking = booked(cast)
    suspend_account(person=cast.student, by=officer)
    assert cancel_passed_holds() == 0
    assert now(booking).status == BookingStatus.HELD


def test_a_held_booking_can_only_be_cancelled_by_the_service(cast: Cast, officer: User) -> None:
    booking = booked(cast)
    suspend_account(person=cast.student, by=officer)
    with pytest.raises(Refused) as refused:
        move_booking(booking=booking, choice=cast.choice(11), by=cast.manager, override=Override("Please"))
    assert refused.value.code == "held"
    with pytest.raises(Refused) as refused:
        cancel_booking(booking=booking, by=cast.student)
    assert refused.value.code == "held"
    cancel_booking(booking=booking, by=cast.adviser, reason="Ill", by_service=True)
    assert now(booking).status == BookingStatus.CANCELLED_BY_SERVICE
    reinstate_account(person=cast.student, by=officer)
    assert now(booking).status == BookingStatus.CANCELLED_BY_SERVICE


def test_staff_cannot_book_for_a_suspended_student(cast: Cast, officer: User) -> None:
    suspend_account(person=cast.student, by=officer)
    with pytest.raises(Refused) as refused:
        book_appointment(
            student=cast.student,
            choice=cast.choice(9),
            details=Details(),
            by=cast.manager,
            override=Override("They asked"),
        )
    assert refused.value.code == "account_suspended"
    assert "suspend" not in refused.value.message


def test_the_day_and_the_rearrange_list_ask_nothing_about_held_bookings(cast: Cast, officer: User) -> None:
    booking = booked(cast)
    TimeOut.objects.create(adviser=cast.adviser, during=booking.during)
    assert bookings_to_rearrange(database_now()).count() == 1
    suspend_account(person=cast.student, by=officer)
    assert bookings_to_rearrange(database_now()).count() == 0
    (row,) = staff_day(cast.day, database_now(), cast.adviser.pk).rows
    assert (row.to_rearrange, row.is_next) == (False, False)
    day = staff_day(cast.day, booking.ends_at + timedelta(hours=1), cast.adviser.pk)
    assert day.unmarked == 0


def test_a_seat_in_a_group_is_kept(cast: Cast, officer: User) -> None:
    cast.type.capacity = 2
    cast.type.save()
    booked(cast)
    suspend_account(person=cast.student, by=officer)
    group = book_appointment(
        student=cast.other_student, choice=cast.choice(9), details=Details(), by=cast.other_student
    )
    assert group.seat == 2
