"""The queryset counterpart of `rules.audiences`: everybody in an audience, decided by the database."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from accounts.models import AccessNeeds, Enrolment, User
from accounts.models.user import UserQuerySet
from eligibility.models import ActivityResult, GroupMember
from eligibility.models.conditions import (
    Combined,
    Condition,
    DeclaresDisability,
    DidActivity,
    Everybody,
    InGroup,
    OnCourse,
    parse,
)
from foundation.values.times import months_after, years_after

NOBODY = Q(pk__in=[])
ANYBODY = ~NOBODY


def people_in(rule: object, on: date, today: date) -> UserQuerySet:
    """`on` is the day of the appointment; `today` is the day on which activities are checked."""
    people: UserQuerySet = User.objects.filter(_matching(parse(rule), on, today))
    return people


def _matching(condition: Condition, on: date, today: date) -> Q:
    match condition:
        case Everybody():
            return ANYBODY
        case DeclaresDisability():
            return Q(Exists(AccessNeeds.objects.filter(person=OuterRef("pk"), declares_disability=True)))
        case OnCourse():
            return Q(Exists(Enrolment.objects.filter(_course(condition, on), student=OuterRef("pk"))))
        case DidActivity():
            return Q(Exists(ActivityResult.objects.filter(_did(condition, on, today), student=OuterRef("pk"))))
        case InGroup():
            return Q(Exists(GroupMember.objects.filter(group__slug=condition.group, student=OuterRef("pk"))))
        case Combined(how="none", parts=parts):
            return ~_any_of([_matching(part, on, today) for part in parts])
        case Combined(how="any", parts=parts):
            return _any_of([_matching(part, on, today) for part in parts])
        case Combined(parts=parts):
            return Q(*[_matching(part, on, today) for part in parts])
    return NOBODY


def _any_of(parts: list[Q]) -> Q:
    joined = NOBODY
    for part in parts:
        joined |= part
    return joined


def _course(asked: OnCourse, on: date) -> Q:
    q = Q()
    paths = {
        "level": "level",
        "status": "status",
        "mode": "mode",
        "fee_status": "fee_status",
        "programme": "programme__code",
        "school": "programme__school__name",
        "faculty": "programme__school__faculty",
        "year_of_study": "year_of_study",
    }
    for field, path in paths.items():
        if getattr(asked, field):
            q &= Q(**{f"{path}__in": getattr(asked, field)})
    if asked.placement_year is not None:
        q &= Q(programme__has_placement_year=asked.placement_year)
    return q & _year(asked) & _end(asked, on)


def _year(asked: OnCourse) -> Q:
    q = Q()
    if asked.year_at_least is not None:
        q &= Q(year_of_study__gte=asked.year_at_least)
    if asked.year_at_most is not None:
        q &= Q(year_of_study__lte=asked.year_at_most)
    return q


def _end(asked: OnCourse, on: date) -> Q:
    q = Q()
    if asked.completed_within_years is not None:
        q &= Q(completed_on__gte=_earliest_completion(on, asked.completed_within_years))
    if asked.completed_more_than_years is not None:
        q &= Q(completed_on__lt=_earliest_completion(on, asked.completed_more_than_years))
    if asked.ends_within_months is not None:
        ahead = (on, months_after(on, asked.ends_within_months))
        q &= Q(completed_on__isnull=True, expected_end_on__range=ahead)
    return q


def _earliest_completion(on: date, years: int) -> date:
    """The earliest completion day for which `on` is within `years` years: the inverse of `years_after`."""
    day = years_after(on, -years)
    before = day - timedelta(days=1)
    return before if years_after(before, years) >= on else day


def _did(asked: DidActivity, on: date, today: date) -> Q:
    mine = Q(activity__slug=asked.activity)
    if asked.within_days is not None:
        mine &= Q(completed_on__gte=on - timedelta(days=asked.within_days))
    if asked.completed:
        return mine & Q(completed_on__lte=today)
    if asked.score_at_least is not None:
        return mine & Q(score__gte=asked.score_at_least)
    return mine & Q(count__gte=asked.attended_at_least)
