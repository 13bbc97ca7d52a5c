"""Checking in at the door: once for each person and session, however many doors scan the same code (SEC-2)."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.operations.record_audit import record_audit
from accounts.rules.policy import policy_in_force
from eligibility.operations.count_attendance import count_attendance
from events.models import CheckIn, CheckInDevice, Event, EventSession, HowCheckedIn, Registration
from events.operations.admit import NO_DETAILS, admit
from events.operations.locked import lock_student_and_event
from events.operations.register import RegistrationOverride, require_or_override
from events.rules.door import CLOSED, is_late, may_check_in, may_open_door
from events.rules.registering import may_attend, takes_place
from foundation.db.inserts import insert_rows
from foundation.outcomes.decisions import Decision, all_of
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.times import database_now


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """How somebody is checked in. `by` is the colleague, `device` the tablet; neither for the code on the screen.

    `at` is when it was scanned, if the page was offline and sends it later, with the scan's own `sent_key`. Whether the
    door is open is asked when it is sent.
    """

    how: str
    by: User | None = None
    device: CheckInDevice | None = None
    at: datetime | None = None
    sent_key: str = ""


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """`is_new` is false if the person had been checked in before, at `check_in.at`."""

    check_in: CheckIn
    is_new: bool


@in_one_transaction
def check_in(*, registration: Registration, session: EventSession, door: AtTheDoor) -> CheckedIn:
    """Checks somebody in. Twice, or at two doors at once, is once: the answer says when it was.

    Attending is added to the event's activity at once, so that what it opens is open the same minute (ELIG-1). Locks
    the student, then the registration.
    """
    lock_people(registration.student)
    rows = Registration.objects.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("student", "event__type", "event__counts_as").get(pk=registration.pk)
    if earlier := CheckIn.objects.filter(registration=row, session=session).select_related("by").first():
        return CheckedIn(earlier, is_new=False)
    now, policy = database_now(), policy_in_force()
    require(takes_place_or_over(row.event))
    require(may_check_in(row, session, now, policy))
    return CheckedIn(record_check_in(row, session, door, min(door.at or now, now)), is_new=True)


@in_one_transaction
def undo_check_in(*, registration: Registration, session: EventSession, by: User) -> None:
    """Takes the check-in back: it was somebody else. The activity loses it again. Done twice, it is done once."""
    lock_people(registration.student)
    rows = Registration.objects.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("student", "event__counts_as").get(pk=registration.pk)
    if row.event.attendance_closed_at is not None:
        require(CLOSED)
    if not CheckIn.objects.filter(registration=row, session=session).delete()[0]:
        return
    others = row.check_ins.order_by("at").first()
    row.is_late = False
    row.save(update_fields=["is_late"])
    if others is None:
        set_counted(row, attended=False)
    record_audit(actor=by, action="check_in_undone", on=row, student=row.student)


@in_one_transaction
def walk_in(
    *,
    event: Event,
    session: EventSession,
    student: User,
    mode: str,
    door: AtTheDoor,
    override: RegistrationOverride | None = None,
) -> CheckedIn:
    """Admits somebody who has not registered, if a place is free, and checks them in. Eligibility is asked as for
    registering (ELIG-1); staff may override it with a reason. Whether registration is open does not matter.

    Locks the student, then the event.
    """
    if door.by is None or not door.by.is_careers_staff:
        raise Refused("not_yours", "Only careers staff can admit people without a registration.", status=403)
    locked = lock_student_and_event(student, event)
    if found := Registration.objects.with_places().filter(event=locked.event, student=student).first():
        return check_in(registration=found, session=session, door=door)
    opened = may_open_door(session, locked.now, locked.context.policy, locked.event.attendance_closed_at is not None)
    require(all_of([takes_place(locked.event, locked.now), opened]))
    require_or_override(may_attend(locked.event, locked.context), door.by, override)
    reason = override.reason if override else ""
    registration = admit(locked, student, mode, NO_DETAILS, door.by, override_reason=reason)
    return CheckedIn(record_check_in(registration, session, door, locked.now), is_new=True)


def takes_place_or_over(event: Event) -> Decision:
    """Published, over or not: people are also checked in afterwards, from a list."""
    return takes_place(event, event.starts_at)


def set_counted(registration: Registration, *, attended: bool) -> None:
    """Adds the attendance to the event's activity, or takes it away: once each. The caller has locked the student."""
    activity = registration.event.counts_as
    if activity is None or registration.is_counted == attended:
        return
    registration.is_counted = attended
    registration.save(update_fields=["is_counted"])
    count_attendance(student=registration.student, activity=activity, attended=attended)


def record_check_in(row: Registration, session: EventSession, door: AtTheDoor, at: datetime) -> CheckIn:
    """Records it without asking the rules; the caller has locked the student and the registration. Somebody recorded
    afterwards is never late: we don’t know when they came."""
    check = CheckIn(
        registration=row,
        session=session,
        at=at,
        by=door.by,
        device=door.device,
        how=HowCheckedIn(door.how),
        sent_key=door.sent_key,
    )
    insert_rows([check])
    afterwards = door.how in (HowCheckedIn.LIST, HowCheckedIn.REPORT)
    if not afterwards and is_late(session, at, row.event.type.late_after_minutes) and not row.is_late:
        row.is_late = True
        row.save(update_fields=["is_late"])
    set_counted(row, attended=True)
    record_audit(actor=door.by, action="checked_in", on=row, student=row.student, how=str(door.how))
    return check
