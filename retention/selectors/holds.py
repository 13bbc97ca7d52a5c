"""What must be kept beyond its period, and why. A fixed number of queries for any number of people."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import cache

from accounts.models import Proposal, ProposalKind
from retention.models import LegalHold, RightsRequest
from retention.schedule.of_a_person import OF_A_PERSON
from retention.schedule.register import BY_KEY
from security.models import CaseState, SecurityCase
from wellbeing.models import Concern, ConcernState

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


def held_classes(people: Collection[int], on: date, *, but: RightsRequest | None = None) -> dict[int, frozenset[str]]:
    """The keys of the classes to keep, for each person with something held. Five queries. `but`: a request being
    answered now.

    An open request or an agreed restriction holds everything, because requested data must not be deleted before the
    answer. An open case or concern holds itself and its person.
    """
    found: dict[int, frozenset[str]] = {}

    def hold(ids: Iterable[int], keys: frozenset[str]) -> None:
        for person in ids:
            found[person] = found.get(person, frozenset()) | keys

    legal = LegalHold.objects.in_force(on).filter(person__in=people)
    for person, classes in legal.values_list("person_id", "classes"):
        hold([person], all_that_stays([*classes, "rights"]) if classes else EVERYTHING)
    asked = RightsRequest.objects.filter(person__in=people)
    asked = asked.exclude(pk=but.pk) if but else asked
    hold(asked.open().values_list("person_id", flat=True), EVERYTHING)
    hold(asked.restricting().values_list("person_id", flat=True), EVERYTHING)
    cases = SecurityCase.objects.filter(person__in=people).exclude(state=CaseState.CLOSED)
    hold(cases.values_list("person_id", flat=True), with_what_it_needs("security"))
    concerns = Concern.objects.filter(student__in=people).exclude(state=ConcernState.CLOSED)
    hold(concerns.values_list("student_id", flat=True), with_what_it_needs("wellbeing"))
    return found


def lifting_of(hold: LegalHold, now: datetime) -> Proposal | None:
    """The request to lift it that waits for another officer. One query."""
    waiting = Proposal.objects.waiting(now).filter(kind=ProposalKind.LIFT, subject=hold.public_id)
    found: Proposal | None = waiting.select_related("asked_by").first()
    return found
