"""Several people at once, from lines that somebody pasted, and what legal holds on them would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from accounts.rules.policy import policy_in_force
from foundation.values.counted import counted
from foundation.values.times import plain_day
from retention.models import LegalHold
from retention.schedule.clocks import PurgeDate, people_past_their_day
from security.selectors.people import found_people

MOST_LINES = 100


@dataclass(frozen=True, slots=True)
class PeopleFound:
    """`unclear`: lines that found nobody or several people."""

    people: list[User]
    unclear: list[str]


def people_of_lines(lines: Sequence[str], by: User) -> PeopleFound:
    """One search for each line: at most `MOST_LINES`."""
    people: dict[int, User] = {}
    unclear = []
    for line in lines[:MOST_LINES]:
        found = found_people(line, by)
        exact = [each for each in found if line.casefold() in _names_of(each)] or found
        if len(exact) == 1:
            people[exact[0].pk] = exact[0]
        else:
            unclear.append(line)
    return PeopleFound(list(people.values()), unclear)


def _names_of(person: User) -> set[str]:
    return {(said or "").casefold() for said in (person.university_id, person.email, person.personal_email)} - {""}


def effect_of_holds(people: Sequence[User], until: date, today: date) -> list[str]:
    """What holds on these people would do. Three queries."""
    keys = [person.pk for person in people]
    past = people_past_their_day(PurgeDate(today, policy_in_force(today))).filter(pk__in=keys).count()
    held = LegalHold.objects.in_force(today).filter(person__in=keys).values("person").distinct().count()
    said = [f"It places a hold on {_people(len(people))} until {plain_day(until)}."]
    if past:
        said.append(f"Past their last day: {_people(past)}. We delete what the hold names only after it ends.")
    if held:
        said.append(f"Held already: {_people(held)}. They get another hold.")
    return said


def _people(number: int) -> str:
    return counted(number, "person", "people")
