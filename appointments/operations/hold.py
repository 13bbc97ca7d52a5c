"""Holding bookings while an account is suspended (SEC-4), and cancelling those that a manager's hold does not keep
(ELIG-3).

A held booking keeps its time, place and seat and still counts against the allocation. It sends no reminders and cannot
be missed. Its audit entries name no actor, because the diary does not reveal who suspended the account.
"""

from datetime import datetime

from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.operations.record_audit import record_audit
from accounts.rules.policy import Policy, policy_in_force
from appointments.models import Booking, BookingStatus
from appointments.models.booking import BookingQuerySet
from appointments.operations.queue_notices import queue_booking_notices
from documents.operations.share import end_shares_of
from eligibility.operations.allocation import give_allocation_back
from foundation.outcomes.refusals import in_one_transaction
from foundation.values.times import database_now


@in_one_transaction
def hold_bookings(*, student: User) -> list[Booking]:
    """Holds every booking that has not begun, withdraws its reminders and tells the student.

    Locks the student, then the bookings.
    """
    lock_people(student)
    now, policy = database_now(), policy_in_force()
    ahead = [BookingStatus.BOOKED, BookingStatus.ARRIVED]
    found = _locked(student, ahead).filter(during__startswith__gt=now)
    return [_change(booking, BookingStatus.HELD, "held", policy, now) for booking in found]


@in_one_transaction
def release_bookings(*, student: User) -> list[Booking]:
    """Releases held bookings, with reminders if these are still due. Cancels those whose start has passed.

    Locks the student, then the bookings.
    """
    lock_people(student)
    now, policy = database_now(), policy_in_force()
    released = []
    for booking in _locked(student, [BookingStatus.HELD]):
        if booking.starts_at <= now:
            _cancel(booking, policy, now)
        else:
            booking.arrived_at = None
            released.append(_change(booking, BookingStatus.BOOKED, "released", policy, now))
    return released


@in_one_transaction
def cancel_held_bookings(*, student: User) -> list[Booking]:
    """Cancels held bookings for the service, gives them back to the allocation and tells the student.

    Locks the student first.
    """
    lock_people(student)
    now, policy = database_now(), policy_in_force()
    return [_cancel(booking, policy, now) for booking in _locked(student, [BookingStatus.HELD])]


@in_one_transaction
def cancel_bookings_ahead(*, student: User, by: User) -> list[Booking]:
    """Cancels the bookings that a manager's hold does not keep, gives them back and tells the student (ELIG-3).

    Keeps types that stay open to students on hold. Locks the student, then the bookings.
    """
    lock_people(student)
    now, policy = database_now(), policy_in_force()
    found = _locked(student, [BookingStatus.BOOKED, BookingStatus.HELD])
    ahead = found.filter(during__startswith__gt=now, type__open_on_hold=False)
    cancelled = []
    for booking in ahead:
        end_shares_of(source=booking.source, by=by)
        cancelled.append(_cancel(booking, policy, now, BOOKING_ON_HOLD, cannot_book=True))
    return cancelled


def cancel_passed_holds() -> int:
    """Cancels held bookings whose start has passed without a decision; they never count as missed. Returns how many.

    Uses one transaction per student, so that a student whose row is locked delays no other.
    """
    passed = Booking.objects.filter(status=BookingStatus.HELD, during__startswith__lte=database_now())
    students = User.objects.filter(pk__in=passed.values("student"))
    return sum(_cancel_passed(student) for student in students)


@in_one_transaction
def _cancel_passed(student: User) -> int:
    lock_people(student)
    now, policy = database_now(), policy_in_force()
    passed = _locked(student, [BookingStatus.HELD]).filter(during__startswith__lte=now)
    return len([_cancel(booking, policy, now) for booking in passed])


def _locked(student: User, statuses: list[BookingStatus]) -> BookingQuerySet:
    mine: BookingQuerySet = Booking.objects.filter(student=student, status__in=statuses).with_people().order_by("pk")
    locked: BookingQuerySet = mine.select_for_update(no_key=True, of=("self",))
    return locked


HELD_TOO_LONG = "It was on hold and couldn’t go ahead."
BOOKING_ON_HOLD = "You can’t book appointments at the moment. We’ve emailed you why."
"""What the student reads. The text is part of the booking, so it does not reveal that an account was suspended."""


def _cancel(
    booking: Booking, policy: Policy, now: datetime, told_reason: str = HELD_TOO_LONG, **what_was: bool
) -> Booking:
    """`cannot_book`: the message offers no new booking."""
    give_allocation_back(source=booking.source, by_us=True)
    booking.ended_at, booking.told_reason = now, told_reason
    return _change(booking, BookingStatus.CANCELLED_BY_SERVICE, "cancelled", policy, now, **what_was)


def _change(
    booking: Booking, status: BookingStatus, event: str, policy: Policy, now: datetime, **what_was: bool
) -> Booking:
    """Raises the sequence, so that messages queued for the previous state are withdrawn."""
    booking.status = status
    booking.sequence += 1
    booking.save(update_fields=["status", "sequence", "ended_at", "arrived_at", "told_reason"])
    action = str(status) if status != BookingStatus.BOOKED else event
    record_audit(actor=None, action=action, on=booking, student=booking.student)
    queue_booking_notices(event, booking, policy, now, what_was)
    return booking
