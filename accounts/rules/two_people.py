"""Who can be the second person. One rule for everything that takes two people. No queries."""

from datetime import datetime

from accounts.models import Proposal, User
from foundation.outcomes.decisions import ALLOWED, Decision, all_of, refuse

ABOUT_YOURSELF = refuse("about_yourself", "You cannot decide what concerns yourself.", "Ask a colleague.")
NOT_YOURS = refuse("not_yours", "Your roles do not let you do this.")
ATTEMPTS = frozenset({"about_yourself", "backdated", "second_person_needed"})
"""Refusals that are recorded and told, because somebody tried to do alone what takes two people."""


def another_than(asked_by: int | None, by: User, *, remedy: str = "Ask a colleague to confirm it.") -> Decision:
    """`asked_by`: the id of the person who asked."""
    same = refuse("second_person_needed", "You asked for this, so somebody else must confirm it.", remedy)
    return same if asked_by == by.pk else ALLOWED


def may_confirm_proposal(proposal: Proposal, by: User, *, confirms: bool, now: datetime) -> Decision:
    """`confirms`: whether the person's roles let them confirm this kind."""
    over = refuse("proposal_over", "This no longer waits for anybody.", "Ask for it again if it is still needed.")
    return all_of(
        [
            ALLOWED if proposal.is_waiting(now) else over,
            another_than(proposal.asked_by_id, by),
            ABOUT_YOURSELF if proposal.person_id == by.pk else ALLOWED,
            ALLOWED if confirms else NOT_YOURS,
        ]
    )


def may_end_proposal(proposal: Proposal, by: User, *, confirms: bool, now: datetime) -> Decision:
    """Who asked can withdraw it; who can confirm it can decline it."""
    if proposal.asked_by_id == by.pk:
        confirms = True
    over = refuse("proposal_over", "This no longer waits for anybody.")
    return all_of([ALLOWED if proposal.is_waiting(now) else over, ALLOWED if confirms else NOT_YOURS])
