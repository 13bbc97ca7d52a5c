"""What erasing a person's data would do now: what is deleted, what must be kept and why, in words for an officer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.models import Enrolment, User
from foundation.values.times import plain_day
from retention.models import LegalHold, RightsRequest
from retention.schedule.clocks import GOES_ON
from retention.schedule.data_class import DataClass, Reader
from retention.schedule.of_a_person import OF_A_PERSON
from retention.selectors.holds import held_classes
from security.models import CaseState, SecurityCase


@dataclass(frozen=True, slots=True)
class Erasure:
    """`warnings`: what an officer should consider first. `held`: keys of classes that are kept."""

    going: list[tuple[DataClass, int]]
    staying: list[tuple[DataClass, int]]
    reasons: list[str]
    warnings: list[str]
    held: frozenset[str]


def erasure_of(request: RightsRequest, today: date) -> Erasure:
    """One count for each personal table, and eight queries."""
    person = request.person
    held = held_classes([person.pk], today, but=request).get(person.pk, frozenset())
    if held:
        held |= {"rights", "people", "courses"}
    # Only wellbeing leads may know that there is a concern, so it is not listed.
    counted = [(each, _rows(each, person)) for each in OF_A_PERSON if each.reader != Reader.WELLBEING]
    return Erasure(
        [(each, rows) for each, rows in counted if each.key not in held and rows],
        [(each, rows) for each, rows in counted if each.key in held and rows],
        _reasons(request, today) or ["Something else that has to be kept for now."] if held else [],
        _warnings(person),
        held,
    )


def _rows(each: DataClass, person: User) -> int:
    return sum(table.of([person.pk]).count() for table in each.tables if table.person)


def _reasons(request: RightsRequest, today: date) -> list[str]:
    """Does not mention concerns, because only wellbeing leads may know of them."""
    person, found = request.person, []
    for hold in LegalHold.objects.in_force(today).filter(person=person):
        found.append(f"A legal hold until {plain_day(hold.expires_on)}: {hold.reason}")
    if SecurityCase.objects.filter(person=person).exclude(state=CaseState.CLOSED).exists():
        found.append("A security case that is not closed.")
    others = RightsRequest.objects.filter(person=person).exclude(pk=request.pk)
    if others.open().exists():
        found.append("Another request of theirs that is not answered.")
    if others.restricting().exists():
        found.append("Its use is restricted: the person asked for it to be kept.")
    return found


def _warnings(person: User) -> list[str]:
    found = []
    if person.is_any_staff:
        found.append("They work here: their account would be emptied, and they could no longer sign in.")
    courses = Enrolment.objects.filter(student=person, status__in=GOES_ON)
    if courses.exists():
        found.append("They study here: without an account they could use none of the services.")
    if person.in_feed_since and not person.left_feed_on:
        found.append("The student feed lists them: it would bring them back the next night. Have them taken out first.")
    return found
