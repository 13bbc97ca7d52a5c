"""What must be kept beyond its period, and why. A fixed number of queries for any number of people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Proposal, ProposalKind
from retention.models import LegalHold, RightsRequest
from retention.schedule.of_a_person import OF_A_PERSON
from retention.schedule.register import BY_KEY
from security.models import CaseState, SecurityCase
from wellbeing.models import Concern

EVERYTHING = frozenset(each.key for each in OF_A_PERSON) | {"resolved_queries"}


@cache
def with_what_it_needs(key: str) -> frozenset[str]:
    """The class, and all classes that its rows depend on."""
    found, todo = set(), [key]
    while todo:
        here = todo.pop()
        if here not in found:
            found.add(here)
            todo += BY_KEY[here].needs if here in BY_KEY else ()
    if "queries" in found:
        found.add("resolved_queries")
    return frozenset(found)


def all_that_stays(keys: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(with_what_it_needs(key) for key in keys))


class Why(StrEnum):
    """Why something of a person is kept beyond its period, in words for an officer."""

    HOLD = "A legal hold"
    REQUEST = "An open request about their data"
    RESTRICTION = "A restriction they asked for"
    CASE = "An open security case"
    CONCERN = "An open concern"


def keeping(on: date, *, but: RightsRequest | None = None) -> dict[Why, tuple[QuerySet[Any], str]]:
    """The rows that keep something on this day, with the name of their field for the person. `but`: a request being
    answered now.

    An open request or an agreed restriction holds everything, because requested data must not be deleted before the
    answer. An open case or concern holds itself and its person.
    """
    asked = RightsRequest.objects.exclude(pk=but.pk) if but else RightsRequest.objects.all()
    return {
        Why.HOLD: (LegalHold.objects.in_force(on), "person"),
        Why.REQUEST: (asked.open(), "person"),
        Why.RESTRICTION: (asked.restricting(), "person"),
        Why.CASE: (SecurityCase.objects.exclude(state=CaseState.CLOSED), "person"),
        Why.CONCERN: (Concern.objects.standing(), "student"),
    }


def reasons_to_keep(
    people: Collection[int], on: date, *, but: RightsRequest | None = None
) -> dict[int, dict[Why, frozenset[str]]]:
    """What each reason keeps, for each person with something held: the keys of the classes. Five queries."""
    found: dict[int, dict[Why, frozenset[str]]] = {}
    for why, (rows, field) in keeping(on, but=but).items():
        columns = [f"{field}_id", "classes"] if why == Why.HOLD else [f"{field}_id"]
        for person, *classes in rows.filter(**{f"{field}__in": people}).values_list(*columns):
            kept = found.setdefault(person, {})
            kept[why] = kept.get(why, frozenset()) | _kept_by(why, *classes)
    return found


def _kept_by(why: Why, classes: Sequence[str] = ()) -> frozenset[str]:
    if why == Why.HOLD and classes:
        return all_that_stays([*classes, "rights"])
    return {Why.CASE: with_what_it_needs("security"), Why.CONCERN: with_what_it_needs("wellbeing")}.get(why, EVERYTHING)


def held_classes(people: Collection[int], on: date, *, but: RightsRequest | None = None) -> dict[int, frozenset[str]]:
    """The keys of the classes to keep, for each person with something held. Five queries."""
    reasons = reasons_to_keep(people, on, but=but)
    return {person: frozenset().union(*kept.values()) for person, kept in reasons.items()}


def lifting_of(hold: LegalHold, now: datetime) -> Proposal | None:
    """The request to lift it that waits for another officer. One query."""
    alone, among = Q(subject=hold.public_id), Q(details__contains={"holds": [hold.public_id]})
    waiting = Proposal.objects.waiting(now).filter(alone | among, kind=ProposalKind.LIFT)
    found: Proposal | None = waiting.select_related("asked_by").first()
    return found


def waiting_proposal(kind: ProposalKind, subject: str, now: datetime) -> Proposal | None:
    """The request about it that waits for another officer. One query."""
    waiting = Proposal.objects.waiting(now).filter(kind=kind, subject=subject)
    found: Proposal | None = waiting.select_related("asked_by").first()
    return found
