"""Recording how long people were at a webinar, from its report."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.operations.record_audit import record_audit
from accounts.operations.require_as_seen import require_as_seen
from events.models import CheckIn, Event, EventSession, HowCheckedIn, Registration, RegistrationStatus
from events.operations.check_in import AtTheDoor, record_check_in, set_counted
from events.operations.locked import lock_event
from events.rules.door import attended_online, may_record_report, minutes_of
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from places.models import MeetingMode


@in_one_transaction
def record_report(*, event: Event, minutes: Mapping[str, int], by: User) -> Event:
    """Records how many minutes people attended online, by public id of their registration, and replaces what an earlier
    report said. Without minutes it takes the earlier report back.

    Being there counts towards the event's activity at once if it is enough (`attended_online`). Whoever is not in the
    report keeps what was recorded of them at the door. Locks the students, then the event.
    """
    if not by.is_careers_staff:
        raise Refused("not_yours", "Only careers staff can record a webinar’s report.", status=403)
    lock_people(*User.objects.filter(registrations__event=event, registrations__mode=MeetingMode.ONLINE))
    locked = lock_event(event)
    row, sessions = locked.event, list(locked.event.sessions.all())
    require(may_record_report(row, locked.now))
    require_as_seen(event, row, by=by)
    for registration in _online(row):
        registration.event = row
        _record(registration, sessions, minutes.get(registration.public_id), locked.now, by)
    record_audit(actor=by, action="webinar_report_recorded", on=row, people=len(minutes))
    return row


def _online(event: Event) -> list[Registration]:
    rows = Registration.objects.filter(event=event, mode=MeetingMode.ONLINE, status=RegistrationStatus.REGISTERED)
    rows = rows.select_related("student").prefetch_related("check_ins")
    return list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))


def _record(
    registration: Registration, sessions: Sequence[EventSession], minutes: int | None, now: datetime, by: User
) -> None:
    if minutes is None and registration.minutes_there is None:
        return
    registration.minutes_there = None if minutes is None else min(minutes, minutes_of(registration.event))
    registration.save(update_fields=["minutes_there"])
    there = {each.session_id: each for each in registration.check_ins.all()}
    if minutes is None:
        left = [each for each in there.values() if each.how != HowCheckedIn.REPORT]
        CheckIn.objects.filter(registration=registration, how=HowCheckedIn.REPORT).delete()
        set_counted(registration, attended=bool(left))
        return
    for session in sessions:
        if session.pk not in there:
            record_check_in(registration, session, AtTheDoor(HowCheckedIn.REPORT, by=by), now)
    is_enough = attended_online(registration.event, minutes) == RegistrationStatus.ATTENDED
    set_counted(registration, attended=is_enough)
