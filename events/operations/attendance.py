"""Closing the attendance of an event: what was missed is proposed, and a person confirms it (ELIG-2, ELIG-3)."""

from collections.abc import Collection
from datetime import datetime

from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.operations.record_audit import record_audit
from accounts.operations.require_as_seen import require_as_seen
from eligibility.operations.allocation import give_allocation_back
from eligibility.operations.strikes import place_strike, remove_strike
from events.models import Event, Registration, RegistrationStatus
from events.models.registration import AHEAD
from events.notices.registration import FEEDBACK, told
from events.operations.cancel_registration import strike_kind
from events.operations.check_in import set_counted
from events.operations.locked import lock_event
from events.rules.door import may_close_attendance, outcome_of
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from messaging.operations.queue_message import queue_messages


@in_one_transaction
def close_attendance(*, event: Event, missed: Collection[str], by: User) -> Event:
    """Records everybody's attendance. `missed` are the public ids of the registrations that count as missed; others
    without a check-in are cancelled by the service and count nothing.

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
    sessions = row.sessions.count()
    for registration in rows:
        registration.event = row
        _record_outcome(registration, sessions, registration.public_id in missed, locked.now, by)
    came = (RegistrationStatus.ATTENDED, RegistrationStatus.PARTLY)
    queue_messages([told(FEEDBACK, each) for each in rows if each.status in came], locked.now)
    row.attendance_closed_at, row.attendance_closed_by = locked.now, by
    row.save(update_fields=["attendance_closed_at", "attendance_closed_by"])
    record_audit(actor=by, action="attendance_closed", on=row)
    return row


@in_one_transaction
def reopen_attendance(*, event: Event, reason: str, by: User) -> Event:
    """Takes everybody's outcome back, with the strikes it placed. Check-ins stay."""
    if not by.is_careers_staff:
        raise Refused("not_yours", "Only careers staff can reopen the attendance.", status=403)
    if not reason.strip():
        raise Refused("reason_needed", "Enter why you are reopening the attendance.", field="reason", status=422)
    ended = Registration.objects.with_places().filter(event=event)
    lock_people(*User.objects.filter(registrations__in=ended))
    row = lock_event(event).event
    if row.attendance_closed_at is None:
        return row
    for registration in ended.select_related("student"):
        if registration.status == RegistrationStatus.MISSED:
            remove_strike(source=registration.source)
        registration.status, registration.ended_at, registration.ended_by = RegistrationStatus.REGISTERED, None, None
        registration.save(update_fields=["status", "ended_at", "ended_by"])
    row.attendance_closed_at = row.attendance_closed_by = None
    row.save(update_fields=["attendance_closed_at", "attendance_closed_by"])
    record_audit(actor=by, action="attendance_reopened", on=row)
    return row


def _expected(event: Event) -> list[Registration]:
    rows = Registration.objects.filter(event=event, status=RegistrationStatus.REGISTERED).select_related("student")
    return list(rows.select_for_update(no_key=True, of=("self",)).prefetch_related("check_ins").order_by("pk"))


def _record_outcome(registration: Registration, sessions: int, is_missed: bool, now: datetime, by: User) -> None:
    event = registration.event
    there = len(registration.check_ins.all())
    outcome = outcome_of(registration, there, sessions, event.type.partial_percent)
    if outcome == RegistrationStatus.MISSED and not is_missed:
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
