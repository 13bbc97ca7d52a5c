"""Placing, extending and lifting legal holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.operations.once import Once
from accounts.operations.record_audit import record_audit
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.times import database_now, local_day
from retention.models import LegalHold


@in_one_transaction
def place_legal_hold(
    *, person: User, classes: Sequence[str], reason: str, expires_on: date, by: User, once: str = ""
) -> LegalHold:  # fmt: skip
    """Places a hold.

    `by` owns it and is reminded before it ends. Locks the person, so that a run cannot delete meanwhile.
    Sent twice with one key (`once`), it is one hold.
    """
    key = Once(by, once, ("legal hold", person.public_id, *classes, reason, expires_on))
    if earlier := key.earlier():
        return LegalHold.objects.get(public_id=earlier)
    lock_people(person)
    if by.pk == person.pk:
        raise Refused("own_hold", "Someone else must decide about your own data.", status=403)
    now = database_now()
    hold = LegalHold.objects.create(
        person=person, classes=list(classes), reason=reason, owner=by, placed_by=by, placed_at=now,
        placed_on=local_day(now), expires_on=expires_on,
    )  # fmt: skip
    _record(hold, "legal_hold_placed", by)
    key.remember(hold.public_id)
    return hold


@in_one_transaction
def extend_legal_hold(*, hold: LegalHold, expires_on: date, by: User) -> None:
    """Extends the hold; `by` becomes its owner."""
    locked = _in_force(hold)
    if expires_on <= locked.expires_on:
        raise Refused("hold_dates", "Choose a later day than the current end date.", field="expires_on", status=422)
    locked.expires_on, locked.owner, locked.alerted_on = expires_on, by, None
    locked.save(update_fields=["expires_on", "owner", "alerted_on"])
    _record(locked, "legal_hold_extended", by)


@in_one_transaction
def lift_legal_hold(*, hold: LegalHold, because: str, by: User) -> None:
    """Lifts the hold. Data beyond its retention period is deleted the next night."""
    locked = _in_force(hold)
    locked.lifted_at, locked.lifted_by, locked.lifted_because = database_now(), by, because
    locked.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    _record(locked, "legal_hold_lifted", by)


def _in_force(hold: LegalHold) -> LegalHold:
    lock_people(hold.person)
    locked = LegalHold.objects.select_for_update(of=("self",)).select_related("person").get(pk=hold.pk)
    if not locked.is_in_force(local_day(database_now())):
        raise Refused("hold_over", "This hold has ended.", "Place a new hold if you need one.")
    return locked


def _record(hold: LegalHold, action: str, by: User) -> None:
    record_audit(
        actor=by, action=action, on=hold, student=hold.person
    )  # fmt: skip
