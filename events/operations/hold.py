"""Registrations of people whose account is suspended are held, not lost (SEC-4); a hold that keeps none cancels them.

A held registration keeps its place and still counts. It sends no reminders and cannot be missed.
"""

from datetime import datetime

from accounts.models import User
from accounts.operations.record_audit import record_audit
from accounts.rules.policy import Policy, policy_in_force
from eligibility.models import WaitingEntry, WaitingState
from eligibility.operations.allocation import give_allocation_back
from events.models import Event, Registration, RegistrationStatus
from events.notices.registration import CALLED_OFF, HELD, RELEASED
from events.operations.leave_list import end_waiting
from events.operations.locked import lock_event
from events.operations.queue_notices import queue_registration_notices
from events.operations.waiting import offer_places
from foundation.outcomes.refusals import in_one_transaction
from foundation.values.sources import SourceKind
from foundation.values.times import database_now

ON_HOLD = "You can’t register for events at the moment. We’ve emailed you why."
HELD_TOO_LONG = "It was on hold and couldn’t go ahead."
"""What the student reads. It does not reveal that an account was suspended."""


@in_one_transaction
def hold_registrations(*, student: User) -> None:
    """Holds every registration for an event that has not begun, and ends the student's waiting. The caller has locked
    the student."""
    now, policy = database_now(), policy_in_force()
    for row in _ahead(student, RegistrationStatus.REGISTERED, now):
        _set(row, RegistrationStatus.HELD, HELD, policy, now)
    leave_all_lists(student=student)


@in_one_transaction
def release_registrations(*, student: User) -> None:
    """Releases held registrations. Those whose event has begun meanwhile are cancelled and never count as missed."""
    now, policy = database_now(), policy_in_force()
    for row in _held(student):
        if row.event.starts_at <= now or row.event.is_cancelled:
            _give_up(row, HELD_TOO_LONG, policy, now)
        else:
            _set(row, RegistrationStatus.REGISTERED, RELEASED, policy, now)


@in_one_transaction
def cancel_held_registrations(*, student: User) -> None:
    now, policy = database_now(), policy_in_force()
    for row in _held(student):
        _give_up(row, HELD_TOO_LONG, policy, now)


@in_one_transaction
def cancel_registrations_ahead(*, student: User) -> None:
    """Cancels what a manager's hold does not keep, and tells the student (ELIG-3)."""
    now, policy = database_now(), policy_in_force()
    for row in _ahead(student, RegistrationStatus.REGISTERED, now):
        _give_up(row, ON_HOLD, policy, now)
    leave_all_lists(student=student)


@in_one_transaction
def leave_all_lists(*, student: User) -> None:
    """An offer that the student had goes to the next person. Events are locked in order."""
    mine = WaitingEntry.objects.on_the_list().filter(student=student, source_kind=SourceKind.EVENT)
    events = Event.objects.filter(public_id__in=list(mine.values_list("source_id", flat=True))).order_by("pk")
    for event in events:
        locked = lock_event(event)
        for entry in mine.filter(source_id=event.public_id):
            end_waiting(entry, WaitingState.LEFT, locked.now)
        offer_places(lock_event(event), policy_in_force())


def _ahead(student: User, status: str, now: datetime) -> list[Registration]:
    return [row for row in _of(student, status) if row.event.starts_at > now]


def _held(student: User) -> list[Registration]:
    return _of(student, RegistrationStatus.HELD)


def _of(student: User, status: str) -> list[Registration]:
    rows = Registration.objects.filter(student=student, status=status).select_related("event__type", "student")
    return list(rows.order_by("event_id"))


def _give_up(row: Registration, reason: str, policy: Policy, now: datetime) -> None:
    """Gives the place back: the next person who waits is offered it."""
    lock_event(row.event)
    give_allocation_back(source=row.source, by_us=True)
    row.ended_at, row.told_reason = now, reason
    _set(row, RegistrationStatus.CANCELLED_BY_SERVICE, CALLED_OFF, policy, now)
    offer_places(lock_event(row.event), policy)


def _set(row: Registration, status: RegistrationStatus, kind: str, policy: Policy, now: datetime) -> None:
    row.status = status
    row.sequence += 1
    row.save(update_fields=["status", "sequence", "ended_at", "told_reason"])
    record_audit(actor=None, action=f"registration_{status}", on=row, student=row.student)
    queue_registration_notices(kind, row, policy, now)
