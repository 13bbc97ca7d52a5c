"""Closing the attendance of an event: what was missed is proposed, and a person confirms it (ELIG-2, ELIG-3)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.operations.record_audit import record_audit
from accounts.operations.require_as_seen import require_as_seen
from eligibility.operations.allocation import give_allocation_back
from eligibility.operations.strikes import place_strike, remove_strike
from eligibility.selectors.student_facts import student_context
from events.models import Event, EventSession, HowCheckedIn, Registration, RegistrationStatus
from events.models.registration import AHEAD
from events.notices.registration import FEEDBACK, told
from events.operations.admit import count_use
from events.operations.cancel_registration import strike_kind
from events.operations.check_in import AtTheDoor, record_check_in, set_counted
from events.operations.locked import lock_event
from events.rules.door import attended_online, attended_sessions, may_close_attendance
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from messaging.operations.queue_message import queue_messages


@dataclass(frozen=True, slots=True)
class Marked:
    """Registrations (public ids) without a check-in that a person has decided on: they missed it, or were there."""

    missed: Collection[str] = ()
    came: Collection[str] = ()


@in_one_transaction
def close_attendance(*, event: Event, marked: Marked, by: User) -> Event:
    """Records everybody's attendance. Who came without a check-in is checked in to every session; others without one,
    and not missed, are cancelled by the service and count nothing.

    People who came are asked what they thought of it. Each miss places a strike of its kind: employers' events are
    counted apart (ELIG-3). Locks the students, then the event. A second time is refused (`attendance_closed`).
    """
    if not by.is_careers_staff:
        raise Refused("not_yours", "Only careers staff can close the attendance.", status=403)
    lock_people(*User.objects.filter(registrations__event=event, registrations__status__in=AHEAD))
    locked = lock_event(event)
    row, rows = locked.event, _expected(event)
    if row.attendance_closed_at is not None:
        raise Refused("attendance_closed", "The attendance of this event is closed already.")
    require(may_close_attendance(rows, locked.now))
    require_as_seen(event, row, by=by)
    sessions = list(row.sessions.all())
    for registration in rows:
        registration.event = row
        _record_outcome(registration, sessions, marked, locked.now, by)
    came = (RegistrationStatus.ATTENDED, RegistrationStatus.PARTLY)
    queue_messages([told(FEEDBACK, each) for each in rows if each.status in came], locked.now)
    row.attendance_closed_at, row.attendance_closed_by = locked.now, by
    row.save(update_fields=["attendance_closed_at", "attendance_closed_by"])
    record_audit(actor=by, action="attendance_closed", on=row)
    return row


@in_one_transaction
def reopen_attendance(*, event: Event, reason: str, by: User) -> Event:
    """Takes everybody's outcome back, with the strikes it placed. Check-ins stay, and attending counts by them."""
    if not by.is_careers_staff:
        raise Refused("not_yours", "Only careers staff can reopen the attendance.", status=403)
    if not reason.strip():
        raise Refused("reason_needed", "Enter why you are reopening the attendance.", field="reason", status=422)
    lock_people(*User.objects.filter(registrations__event=event))
    row = lock_event(event).event
    if row.attendance_closed_at is None:
        return row
    closed = Registration.objects.filter(event=row, ended_at=row.attendance_closed_at)
    for registration in closed.select_related("student").prefetch_related("check_ins"):
        registration.event = row
        _take_back(registration)
    row.attendance_closed_at = row.attendance_closed_by = None
    row.save(update_fields=["attendance_closed_at", "attendance_closed_by"])
    record_audit(actor=by, action="attendance_reopened", on=row)
    return row


def _expected(event: Event) -> list[Registration]:
    rows = Registration.objects.filter(event=event, status=RegistrationStatus.REGISTERED).select_related("student")
    return list(rows.select_for_update(no_key=True, of=("self",)).prefetch_related("check_ins").order_by("pk"))


def _record_outcome(
    registration: Registration, sessions: Sequence[EventSession], marked: Marked, now: datetime, by: User
) -> None:
    event = registration.event
    there = len(registration.check_ins.all())
    if not there and registration.public_id in marked.came:
        for session in sessions:
            record_check_in(registration, session, AtTheDoor(HowCheckedIn.LIST, by=by), now)
        there = len(sessions)
    minutes = registration.minutes_there
    outcome = attended_online(event, minutes) if minutes is not None else attended_sessions(there, len(sessions))
    if outcome == RegistrationStatus.MISSED and registration.public_id not in marked.missed:
        outcome = RegistrationStatus.CANCELLED_BY_SERVICE
        give_allocation_back(source=registration.source, by_us=True)
    set_counted(registration, attended=outcome == RegistrationStatus.ATTENDED)
    registration.status, registration.ended_at, registration.ended_by = outcome, now, by
    registration.save(update_fields=["status", "ended_at", "ended_by"])
    if outcome == RegistrationStatus.MISSED:
        place_strike(
            student=registration.student,
            source=registration.source,
            on=event.local_date,
            about=event.title,
            kind=strike_kind(event),
        )
    record_audit(actor=by, action=f"registration_{outcome}", on=registration, student=registration.student)


def _take_back(registration: Registration) -> None:
    if registration.status == RegistrationStatus.MISSED:
        remove_strike(source=registration.source)
    elif registration.status == RegistrationStatus.CANCELLED_BY_SERVICE:
        count_use(registration, student_context(registration.student_id))
    registration.status, registration.ended_at, registration.ended_by = RegistrationStatus.REGISTERED, None, None
    registration.save(update_fields=["status", "ended_at", "ended_by"])
    was_there = bool(registration.check_ins.all())
    if registration.minutes_there is not None:
        was_there = attended_online(registration.event, registration.minutes_there) == RegistrationStatus.ATTENDED
    set_counted(registration, attended=was_there)
