"""Placing, removing and excusing strikes.

The student is locked first, so that strikes are counted reliably (ELIG-3).
"""

from datetime import date, datetime

from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.operations.once import Once
from accounts.operations.record_audit import record_audit
from eligibility.models import HowMissed, Strike, StrikeKind
from eligibility.operations.consider_strikes import consider_strikes
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.public_ids import new_public_id
from foundation.values.sources import Source, SourceKind
from foundation.values.times import database_now, local_day


@in_one_transaction
def place_strike(
    *,
    student: User,
    source: Source,
    on: date,
    about: str = "",
    kind: str = StrikeKind.APPOINTMENT,
    how: str = HowMissed.MISSED,
    type: str = "",
    until: datetime | None = None,
) -> Strike:
    """Records that something was missed. Recording the same source twice places one strike. Locks the student.

    `type` is the slug of the appointment type. What follows is in the miss rules (`consider_strikes`). We write nothing
    to the student before `until`.
    """
    lock_people(student)
    defaults = {"student": student, "on": on, "about": about, "kind": kind, "how": how, "type": type}
    strike, is_new = Strike.objects.get_or_create(**source.fields, defaults=defaults)
    if is_new:
        consider_strikes(student=student, placed=strike, until=until)
    return strike


@in_one_transaction
def remove_strike(*, source: Source) -> None:
    """Deletes the strike, because the mark was a mistake. The caller has locked the student."""
    for strike in Strike.objects.filter(**source.fields).select_related("student"):
        strike.delete()
        consider_strikes(student=strike.student)


@in_one_transaction
def record_absence(*, student: User, kind: str, about: str, on: date, by: User, once: str = "") -> Strike:
    """Records an absence that the portal does not know of: an employer event or a session run elsewhere.

    Locks the student. Sent twice with one key (`once`), it is recorded once.
    """
    if not by.may_read_notes:
        raise Refused("not_yours", "Only advisers and managers can record an absence.", status=403)
    if on > local_day(database_now()):
        raise Refused("not_yet", "Choose today or an earlier day.", field="on", status=422)
    key = Once(by, once, ("absence", student.public_id, kind, about, on))
    if earlier := key.earlier():
        return Strike.objects.get(public_id=earlier)
    strike = place_strike(
        student=student, source=Source(SourceKind.ABSENCE, new_public_id()), on=on, about=about.strip(), kind=kind
    )
    _record(strike, by, "absence_recorded")
    key.remember(strike.public_id)
    return strike


@in_one_transaction
def excuse_strike(*, strike: Strike, because: str, by: User) -> Strike:
    """Excuses a strike: it no longer counts, but stays visible with who excused it and why.

    Only once. Locks the student.
    """
    if not by.may_read_notes:
        raise Refused("not_yours", "Only advisers and managers can excuse an absence.", status=403)
    if not because.strip():
        raise Refused("reason_needed", "Enter why you are excusing the absence.", field="because", status=422)
    lock_people(strike.student)
    found = Strike.objects.select_for_update(no_key=True).filter(pk=strike.pk).first()
    if found is None:
        raise Refused("strike_gone", "This absence has been undone.", "You don’t need to excuse it.")
    if found.is_excused:
        raise Refused("already_excused", "This absence is excused already.", "Nothing more needs doing.")
    found.excused_at, found.excused_by, found.excused_because = database_now(), by, because.strip()[:300]
    found.save(update_fields=["excused_at", "excused_by", "excused_because"])
    _record(found, by, "strike_excused")
    consider_strikes(student=strike.student)
    return found


def _record(strike: Strike, by: User, action: str) -> None:
    record_audit(actor=by, action=action, on=strike, student=strike.student)
