"""Placing and extending legal holds. Lifting one takes two officers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from accounts.models import Proposal, ProposalKind, User
from accounts.models.user import UserQuerySet
from accounts.operations.lock_people import lock_people
from accounts.operations.once import Once
from accounts.operations.record_audit import record_audit
from accounts.operations.two_people import propose
from accounts.rules.policy import policy_in_force
from accounts.rules.two_person_kinds import TwoPersonKind, register_two_person_kind
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.times import database_now, local_day, plain_day
from retention.models import LegalHold
from retention.selectors.dates import dates_of
from retention.selectors.officers import officer_rows


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
def ask_to_lift(*, hold: LegalHold, because: str, by: User) -> Proposal:
    """Asks another officer to confirm that the hold is lifted. Raises Refused: `hold_over`, `proposed_already`."""
    locked = _in_force(hold)
    return propose(kind=ProposalKind.LIFT, subject=locked.public_id, person=locked.person, reason=because, by=by)


def _lift(proposal: Proposal, by: User) -> None:
    """Lifts the hold. Data beyond its retention period is deleted the next night."""
    locked = _in_force(_hold_of(proposal))
    locked.lifted_at, locked.lifted_by, locked.lifted_because = database_now(), by, proposal.reason
    locked.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    record_audit(
        actor=by,
        action="legal_hold_lifted",
        on=locked,
        student=locked.person,
        before=str(locked.expires_on),
        asked_by=proposal.asked_by.public_id,
    )


def _hold_of(proposal: Proposal) -> LegalHold:
    return LegalHold.objects.select_related("person").get(public_id=proposal.subject)


def _lifters(proposal: Proposal) -> UserQuerySet:
    return officer_rows().exclude(pk__in=[proposal.person_id])


def _effect(proposal: Proposal) -> list[str]:
    hold, policy = _hold_of(proposal), policy_in_force()
    until = dates_of(hold.person, policy).kept_until
    now = f"The hold keeps data until {plain_day(hold.expires_on)}."
    if until is None or until >= local_day(database_now()):
        return [now, "Lifting it deletes nothing tonight: the person’s last day is still to come."]
    return [now, f"Their last day was {plain_day(until)}. Lifting it deletes what it keeps, from tonight."]


def register_lifting() -> None:
    how = TwoPersonKind(
        confirmers=_lifters,
        told=_lifters,
        says=lambda proposal: f"lift legal hold {proposal.subject}",
        effect=_effect,
        subject=_hold_of,
        perform=_lift,
    )
    register_two_person_kind(ProposalKind.LIFT, how)


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
