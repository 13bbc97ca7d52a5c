"""What takes two people: one asks, another confirms. Each kind says who, what it does and who is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model

from accounts.models import Proposal, ProposalKind, ProposalState, User
from accounts.models.user import UserQuerySet
from accounts.notices.two_people import proposals_page, tell
from accounts.operations.lock_people import lock_people
from accounts.operations.record_audit import record_audit
from accounts.rules.policy import policy_in_force
from accounts.rules.two_people import ATTEMPTS, may_confirm_proposal, may_end_proposal
from accounts.rules.two_person_kinds import KINDS
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.times import database_now


@in_one_transaction
def propose(
    *, kind: ProposalKind, subject: str, by: User, person: User | None = None, reason: str = "", **details: Any
) -> Proposal:
    """Asks for something that a second person must confirm. The kind's operation checks who may ask.

    Raises Refused (`proposed_already`) if the same waits already.
    """
    now, days = database_now(), policy_in_force().second_person_days
    Proposal.objects.filter(
        kind=kind, subject=subject, person=person, state=ProposalState.WAITING, expires_at__lte=now
    ).update(state=ProposalState.EXPIRED, ended_at=now)
    proposal = Proposal.objects.create(
        kind=kind, subject=subject, person=person, reason=reason, details=details, asked_by=by, asked_at=now,
        expires_at=now + timedelta(days=days),
    )  # fmt: skip
    _record(proposal, "asked", by)
    _tell(proposal, "asked", by)
    return proposal


def confirm_proposal(*, proposal: Proposal, by: User) -> None:
    """Raises Refused: `proposal_over`, `not_yours`, and recorded and told: `second_person_needed`, `about_yourself`."""
    how = KINDS[proposal.kind]
    with attempts_are_told(by, how.says(proposal), how.subject(proposal), how.told(proposal)):
        _confirm(proposal, by)


@in_one_transaction
def _confirm(proposal: Proposal, by: User) -> None:
    if proposal.person:
        lock_people(proposal.person)
    locked, how, now = _locked(proposal), KINDS[proposal.kind], database_now()
    confirms = how.confirmers(locked).filter(pk=by.pk).exists()
    require(may_confirm_proposal(locked, by, confirms=confirms, now=now), status=403)
    locked.state, locked.ended_by, locked.ended_at = ProposalState.CONFIRMED, by, now
    locked.save(update_fields=["state", "ended_by", "ended_at"])
    how.perform(locked, by)
    _tell(locked, "confirmed", by)


@in_one_transaction
def end_proposal(*, proposal: Proposal, by: User) -> ProposalState:
    """Withdraws it, if this person asked for it, or declines it. Raises Refused: `proposal_over`, `not_yours`."""
    locked, now = _locked(proposal), database_now()
    confirms = KINDS[locked.kind].confirmers(locked).filter(pk=by.pk).exists()
    require(may_end_proposal(locked, by, confirms=confirms, now=now), status=403)
    state = ProposalState.WITHDRAWN if locked.asked_by_id == by.pk else ProposalState.DECLINED
    locked.state, locked.ended_by, locked.ended_at = state, by, now
    locked.save(update_fields=["state", "ended_by", "ended_at"])
    _record(locked, state, by)
    _tell(locked, state, by)
    return state


def end_waiting(*, kind: ProposalKind, subject: str | None = None, by: User | None) -> None:
    """Ends the requests of a kind that wait, because what they ask for is no longer possible.

    `subject` None: all of them. `by` None: time has passed. Runs in the caller's transaction, before it locks the
    subject: a confirmation locks the request first.
    """
    waiting = Proposal.objects.select_for_update(of=("self",)).filter(kind=kind, state=ProposalState.WAITING)
    for proposal in waiting if subject is None else waiting.filter(subject=subject):
        ended = ProposalState.WITHDRAWN if by and by.pk == proposal.asked_by_id else ProposalState.DECLINED
        proposal.state, proposal.ended_by = (ended, by) if by else (ProposalState.EXPIRED, None)
        proposal.ended_at = database_now()
        proposal.save(update_fields=["state", "ended_by", "ended_at"])
        _record(proposal, proposal.state, by)


@contextmanager
def attempts_are_told(by: User, said: str, subject: Model, told: UserQuerySet) -> Iterator[None]:
    """Records and tells the refusals of `ATTEMPTS`. Outside the operation's transaction, which has been undone."""
    try:
        yield
    except Refused as refused:
        if refused.code in ATTEMPTS:
            record_attempt(by=by, code=refused.code, said=said, subject=subject, told=told)
        raise


@transaction.atomic
def record_attempt(*, by: User, code: str, said: str, subject: Model, told: UserQuerySet) -> None:
    """Records that somebody tried alone what takes two people, and tells the others."""
    record_audit(actor=by, action="refused", on=subject, why=code)
    tell(told, what="refused", said=said, by=by, page=proposals_page())


def _locked(proposal: Proposal) -> Proposal:
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("person", "asked_by")
    return rows.get(pk=proposal.pk)


def _record(proposal: Proposal, what: str, by: User | None) -> None:
    subject = KINDS[proposal.kind].subject(proposal)
    details = {"proposal": proposal.public_id, "what": proposal.subject, **proposal.details}
    record_audit(actor=by, action=f"{proposal.kind}_{what}", on=subject, **details)


def _tell(proposal: Proposal, what: str, by: User) -> None:
    how = KINDS[proposal.kind]
    tell(how.told(proposal), what=what, said=how.says(proposal), by=by, page=proposals_page())
