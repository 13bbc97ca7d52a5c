"""The people of a night by name: since when they are due, what is deleted, what is kept and why.

That somebody has an open concern is for wellbeing leads alone (DATA-6). Other officers read how many people are not
named for a confidential reason, and never who they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from accounts.rules.policy import policy_in_force
from eligibility.rules.retention_dates import kept_until, last_end
from foundation.values.counted import counted
from retention.models import PurgeRun
from retention.schedule.clocks import PurgeDate, people_due, people_past_their_day
from retention.schedule.register import BY_KEY
from retention.selectors.dates import course_ends, told_day, told_days
from retention.selectors.holds import EVERYTHING, Why, keeping, reasons_to_keep
from wellbeing.models.concern import is_lead


class NightList(models.TextChoices):
    """The lists of the page."""

    GOING = "going", "Deleted"
    KEPT = "kept", "Something is kept"
    UNTOLD = "untold", "Not told in time"


def night_of(run: PurgeRun) -> PurgeDate:
    return PurgeDate(run.night, policy_in_force(run.night))


@dataclass(frozen=True, slots=True)
class DuePerson:
    """`due_on`: the first night that may delete them; None if they have not been told their last day yet."""

    person: User
    ended_on: date | None
    due_on: date | None
    reasons: list[Why]
    stays: list[str]
    all_stays: bool


@dataclass(frozen=True, slots=True)
class NightSummary:
    """Numbers of people. `reasons`: why something of theirs is kept; one person can have several reasons."""

    going: int
    kept: int
    untold: int
    unnamed: int
    reasons: list[tuple[Why, int]]


def night_people(night: PurgeDate, shown: NightList, reader: User) -> QuerySet[User]:
    """The people on one list of the page, for this reader."""
    if shown == NightList.UNTOLD:
        return people_past_their_day(night).exclude(pk__in=people_due(night).order_by().values("pk"))
    kept = _kept(night.day, _visible(reader))
    if shown == NightList.KEPT:
        return people_due(night).filter(kept)
    return people_due(night).exclude(_kept(night.day, list(Why)))


def night_summary(night: PurgeDate, reader: User) -> NightSummary:
    """Four queries, and one for each reason."""
    due, visible = people_due(night).order_by(), _visible(reader)
    going, kept = (night_people(night, shown, reader).order_by().count() for shown in (NightList.GOING, NightList.KEPT))
    reasons = [(why, due.filter(_kept(night.day, [why])).count()) for why in visible]
    return NightSummary(
        going,
        kept,
        night_people(night, NightList.UNTOLD, reader).order_by().count(),
        due.count() - going - kept,
        [(why, number) for why, number in reasons if number],
    )


def due_rows(people: Sequence[User], night: PurgeDate, reader: User) -> list[DuePerson]:
    """Seven queries for any number of people."""
    keys = [person.pk for person in people]
    ends, told, kept = course_ends(keys), told_days(keys), reasons_to_keep(keys, night.day)
    visible, found = _visible(reader), []
    for person in people:
        courses = ends.get(person.pk, [])
        until, ended_on = kept_until(courses, night.policy.retention_years, night.calendar), last_end(courses)
        day = told_day(told.get(person.pk, ()), ended_on) if ended_on else date.min
        last = max(until, day) + timedelta(days=1) if until and day > date.min else None
        reasons = {why: keys for why, keys in kept.get(person.pk, {}).items() if why in visible}
        stays = frozenset().union(*reasons.values())
        names = [each.name for key, each in BY_KEY.items() if key in stays]
        found.append(DuePerson(person, ended_on, last, list(reasons), names, stays >= EVERYTHING))
    return found


def effect_of_night(run: PurgeRun) -> list[str]:
    """What approving it does now, for the second officer. Names nobody. Three queries."""
    due, kept_at_all = people_due(night_of(run)).order_by(), _kept(run.night, list(Why))
    kept = due.filter(kept_at_all).count()
    going = f"It deletes everything of {_people(due.count() - kept)}."
    return [going, f"It keeps something of {_people(kept)} more."] if kept else [going]


def _people(number: int) -> str:
    return counted(number, "person", "people")


def _visible(reader: User) -> list[Why]:
    return [why for why in Why if why != Why.CONCERN or is_lead(reader)]


def _kept(on: date, reasons: Sequence[Why]) -> Q:
    """Whether one of these reasons keeps something of the person."""
    rows = [keeping(on)[why] for why in reasons]
    found = Q(pk__in=[])
    for each, field in rows:
        found |= Q(Exists(each.filter(**{field: OuterRef("pk")})))
    return found
