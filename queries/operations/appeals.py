"""Keeps a hold informed about the appeals against it, so that every page and message says what became of them."""

from django.db.models import Q

from accounts.models import User
from eligibility.models import Hold
from eligibility.operations.note_appeal import note_appeal
from foundation.outcomes.refusals import Refused, require
from queries.models import Category, Query
from queries.rules.about import About
from queries.selectors.about import hold_words
from queries.selectors.appeals import appeal_times, hold_to_appeal, may_decide_appeal


def require_other_manager(query: Query, by: User) -> None:
    """Raises Refused (`own_decision`) for who made the decision that an undecided appeal is about."""
    require(may_decide_appeal(by, query), status=403)


def appealed(person: User, about: About) -> About:
    """What an appeal is about: the hold that it names, or the person's only one.

    Raises Refused (`appealed_already`) for a second appeal against one decision. The caller has locked the person.
    """
    if not about.kind and (hold := hold_to_appeal(person)):
        about = About("hold", hold.public_id, hold_words(hold))
    if about.kind == "hold" and (hold := Hold.objects.filter(public_id=about.id, appealed_at__isnull=False).first()):
        raise _appealed(hold.appeal_words)
    if about.kind == "query" and Query.objects.appeals_against(Query.objects.get(public_id=about.id)).exists():
        raise _appealed("You have appealed against this decision.")
    return about


def _appealed(message: str) -> Refused:
    return Refused("appealed_already", message, "To add something, reply to that query.", status=409)


def tell_hold(query: Query) -> None:
    """Notes on the holds that a query is about whether an appeal waits or was answered. The person is locked."""
    if query.about_kind != "hold" and query.category != Category.APPEAL:
        return
    threads = Query.objects.filter(Q(pk=query.pk) | Q(merged_into=query), about_kind="hold")
    for hold in Hold.objects.filter(public_id__in=threads.values("about_id"), student=query.person_id):
        appealed_at, answered_at = appeal_times(hold)
        if (hold.appealed_at, hold.appeal_answered_at) != (appealed_at, answered_at):
            note_appeal(hold=hold, appealed_at=appealed_at, answered_at=answered_at)


def name_hold(query: Query) -> None:
    """Names the hold of a query that a colleague recognised as an appeal. Saved by the caller."""
    if query.category == Category.APPEAL and query.person and not query.about_kind:
        hold = hold_to_appeal(query.person)
        if hold:
            query.about_kind, query.about_id, query.about_words = "hold", hold.public_id, hold_words(hold)
