"""Placing and extending legal holds, on one person or several. Lifting them takes two officers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.urls import reverse

from accounts.models import Proposal, ProposalKind, User
from accounts.models.user import UserQuerySet
from accounts.operations.lock_people import lock_people
from accounts.operations.once import Once
from accounts.operations.record_audit import record_audit
from accounts.operations.two_people import propose
from accounts.rules.policy import policy_in_force
from accounts.rules.two_person_kinds import TwoPersonKind, register_two_person_kind
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.counted import counted
from foundation.values.public_ids import new_public_id
from foundation.values.times import database_now, local_day, plain_day
from retention.models import LegalHold
from retention.schedule.clocks import PurgeDate, people_past_their_day
from retention.selectors.holds import lifting_of
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
    hold = _place(person, classes, reason, expires_on, by)
    key.remember(hold.public_id)
    return hold


@in_one_transaction
def place_legal_holds(
    *, people: Sequence[User], classes: Sequence[str], reason: str, expires_on: date, by: User, once: str = ""
) -> int:  # fmt: skip
    """Places a hold of its own on each of several people; returns how many people. All or none.

    Locks them all. Sent twice with one key (`once`), each gets one hold.
    """
    those = [person.public_id for person in people]
    key = Once(by, once, ("legal holds", *sorted(those), *classes, reason, expires_on))
    if not key.earlier():
        lock_people(*people)
        for person in people:
            _place(person, classes, reason, expires_on, by)
        key.remember(str(len(people)))
    return len(people)


def _place(person: User, classes: Sequence[str], reason: str, expires_on: date, by: User) -> LegalHold:
    if by.pk == person.pk:
        raise Refused("own_hold", "Someone else must decide about your own data.", status=403)
    now = database_now()
    hold = LegalHold.objects.create(
        person=person, classes=list(classes), reason=reason, owner=by, placed_by=by, placed_at=now,
        placed_on=local_day(now), expires_on=expires_on,
    )  # fmt: skip
    _record(hold, "legal_hold_placed", by)
    return hold


@in_one_transaction
def extend_legal_hold(*, hold: LegalHold, expires_on: date, by: User) -> None:
    """Extends the hold; `by` becomes its owner."""
    (locked,) = _in_force([hold], asks=False)
    if expires_on <= locked.expires_on:
        raise Refused("hold_dates", "Choose a later day than the current end date.", field="expires_on", status=422)
    locked.expires_on, locked.owner, locked.alerted_on = expires_on, by, None
    locked.save(update_fields=["expires_on", "owner", "alerted_on"])
    _record(locked, "legal_hold_extended", by)


@in_one_transaction
def ask_to_lift(*, hold: LegalHold, because: str, by: User) -> Proposal:
    """Asks another officer to confirm that the hold is lifted. Raises Refused: `hold_over`, `proposed_already`."""
    (locked,) = _in_force([hold])
    return propose(kind=ProposalKind.LIFT, subject=locked.public_id, person=locked.person, reason=because, by=by)


@in_one_transaction
def ask_to_lift_holds(*, holds: Sequence[LegalHold], because: str, by: User) -> Proposal:
    """Asks another officer to confirm that several holds are lifted: all or none. Raises Refused as `ask_to_lift`."""
    if len(holds) == 1:
        return ask_to_lift(hold=holds[0], because=because, by=by)
    locked = _in_force(holds)
    holds_of, people = [hold.public_id for hold in locked], sorted({hold.person.public_id for hold in locked})
    return propose(
        kind=ProposalKind.LIFT, subject=f"several {new_public_id()}", reason=because, by=by, holds=holds_of,
        people=people,
    )  # fmt: skip


def _lift(proposal: Proposal, by: User) -> None:
    """Lifts the holds. Data beyond its retention period is deleted the next night."""
    now = database_now()
    for hold in _in_force(_holds_of(proposal), asks=False):
        hold.lifted_at, hold.lifted_by, hold.lifted_because = now, by, proposal.reason
        hold.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
        _record(
            hold, "legal_hold_lifted", by, before=str(hold.expires_on), asked_by=proposal.asked_by.public_id
        )  # fmt: skip


def _holds_of(proposal: Proposal) -> list[LegalHold]:
    those = proposal.details.get("holds", [proposal.subject])
    return list(LegalHold.objects.select_related("person").filter(public_id__in=those).order_by("person", "pk"))


def _lifters(proposal: Proposal) -> UserQuerySet:
    others = officer_rows().exclude(pk__in=[proposal.person_id])
    return others.exclude(public_id__in=proposal.details.get("people", []))


def _says(proposal: Proposal) -> str:
    several = proposal.details.get("holds")
    return f"lift {len(several)} legal holds" if several else f"lift legal hold {proposal.subject}"


def _effect(proposal: Proposal) -> list[str]:
    """Names the people only where a page does not: of several holds. Three queries."""
    holds, policy = _holds_of(proposal), policy_in_force()
    tonight = PurgeDate(local_day(database_now()) + timedelta(days=1), policy)
    past = set(people_past_their_day(tonight).filter(pk__in=[h.person_id for h in holds]).values_list("pk", flat=True))
    several = [f"{hold.person.name}: until {plain_day(hold.expires_on)}, {hold.reason}" for hold in holds]
    said = [f"The hold keeps data until {plain_day(hold.expires_on)}." for hold in holds[:1]]
    number = counted(len(past), "person", "people")
    last = f"Past their last day: {number}. Lifting it deletes what it keeps, once we have told them in time."
    return [*(several if len(holds) > 1 else said), last if past else NOT_YET]


def _page(proposal: Proposal) -> str:
    return "" if proposal.details.get("holds") else reverse("legal_hold_detail", args=[proposal.subject])


NOT_YET = "Lifting it deletes nothing tonight: nobody is past their last day."


def register_lifting() -> None:
    how = TwoPersonKind(
        confirmers=_lifters,
        told=_lifters,
        says=_says,
        effect=_effect,
        subject=lambda proposal: _holds_of(proposal)[0],
        perform=_lift,
        page=_page,
    )
    register_two_person_kind(ProposalKind.LIFT, how)


def _in_force(holds: Sequence[LegalHold], *, asks: bool = True) -> list[LegalHold]:
    """Locks their people, then the holds. `asks`: a hold that somebody has asked to lift is refused."""
    lock_people(*(hold.person for hold in holds))
    rows = LegalHold.objects.select_for_update(of=("self",)).select_related("person").order_by("pk")
    locked, now = list(rows.filter(pk__in=[hold.pk for hold in holds])), database_now()
    if not locked or not all(hold.is_in_force(local_day(now)) for hold in locked):
        raise Refused("hold_over", "This hold has ended.", "Place a new hold if you need one.")
    if asks and any(lifting_of(hold, now) for hold in locked):
        raise Refused("proposed_already", "Somebody has asked to lift it already.", "Another officer must confirm it.")
    return locked


def _record(hold: LegalHold, action: str, by: User, **details: str | int | None) -> None:
    record_audit(actor=by, action=action, on=hold, student=hold.person, **details)
