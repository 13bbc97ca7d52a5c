"""What waits for a second person, prepared for display."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Proposal, User
from accounts.models.proposal import ProposalQuerySet
from accounts.rules.two_people import may_confirm_proposal, may_end_proposal
from accounts.rules.two_person_kinds import KINDS


@dataclass(frozen=True, slots=True)
class ProposalRow:
    proposal: Proposal
    says: str
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class ProposalPage:
    row: ProposalRow
    effect: list[str]
    page: str
    may_confirm: bool
    may_end: bool
    is_own: bool


def proposals_for(reader: User) -> ProposalQuerySet:
    found: ProposalQuerySet = Proposal.objects.visible_to(reader)
    return found.select_related("person", "asked_by", "ended_by")


def proposal_row(proposal: Proposal, now: datetime) -> ProposalRow:
    """`proposal` comes from `proposals_for`."""
    said = KINDS[proposal.kind].says(proposal)
    return ProposalRow(proposal, said[:1].upper() + said[1:], proposal.is_waiting(now))


def proposal_page(proposal: Proposal, reader: User, now: datetime) -> ProposalPage:
    how = KINDS[proposal.kind]
    confirms = how.confirmers(proposal).filter(pk=reader.pk).exists()
    row = proposal_row(proposal, now)
    return ProposalPage(
        row,
        how.effect(proposal) if row.is_waiting else [],
        how.page(proposal) if row.is_waiting and confirms else "",
        may_confirm_proposal(proposal, reader, confirms=confirms, now=now).allowed,
        may_end_proposal(proposal, reader, confirms=confirms, now=now).allowed,
        proposal.asked_by_id == reader.pk,
    )
