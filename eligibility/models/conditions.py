"""The language of audience rules: a small tree, parsed and checked here without queries.

    {"any": [{"course": {"level": ["undergraduate"], "status": ["current"]}},
             {"course": {"status": ["completed"], "completed_within_years": 2}}]}

Nodes: `all`, `any`, `none` with a non-empty list. Leaves: `course` (one course that meets every criterion), `activity`,
`group`, `declares_disability`, `everybody`. An empty rule matches nobody. A rule cannot refer to an audience, so rules
cannot be circular. A rule that can be parsed may still be impossible to meet: see `rules.sanity`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import FeeStatus, Level, Mode, Status


class RuleProblem(ValueError):
    """Its message is a sentence that explains what is wrong with a rule."""


@dataclass(frozen=True, slots=True)
class Nobody:
    pass


@dataclass(frozen=True, slots=True)
class Everybody:
    pass


@dataclass(frozen=True, slots=True)
class DeclaresDisability:
    pass


@dataclass(frozen=True, slots=True)
class OnCourse:
    """One course must meet every criterion given; an empty tuple or None means any."""

    level: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    mode: tuple[str, ...] = ()
    fee_status: tuple[str, ...] = ()
    programme: tuple[str, ...] = ()
    school: tuple[str, ...] = ()
    faculty: tuple[str, ...] = ()
    year_of_study: tuple[int, ...] = ()
    placement_year: bool | None = None
    year_at_least: int | None = None
    year_at_most: int | None = None
    completed_within_years: int | None = None
    completed_more_than_years: int | None = None
    ends_within_months: int | None = None
    """The expected end is today or later, and at most this many months ahead."""


@dataclass(frozen=True, slots=True)
class DidActivity:
    """`completed`, or a score or count of at least so much.

    `within_days`: at most so many days before the appointment; only for completions, and for scores with a date.
    """

    activity: str
    name: str
    completed: bool = False
    score_at_least: int | None = None
    attended_at_least: int | None = None
    within_days: int | None = None


@dataclass(frozen=True, slots=True)
class InGroup:
    group: str
    name: str


@dataclass(frozen=True, slots=True)
class Combined:
    how: str
    parts: tuple["Condition", ...]


Condition = Nobody | Everybody | DeclaresDisability | OnCourse | DidActivity | InGroup | Combined

CHOICES = {
    "level": frozenset(Level.values),
    "status": frozenset(Status.values),
    "mode": frozenset(Mode.values),
    "fee_status": frozenset(FeeStatus.values),
}
LISTS = ("level", "status", "mode", "fee_status", "programme", "school", "faculty", "year_of_study")
NUMBERS: dict[str, tuple[int, str]] = {
    "year_at_least": (20, "a year of study"),
    "year_at_most": (20, "a year of study"),
    "completed_within_years": (100, "a whole number of years"),
    "completed_more_than_years": (100, "a whole number of years"),
    "ends_within_months": (120, "a whole number of months"),
}
"""The highest value allowed, and what it is."""
ACTIVITY_ASKS = ("completed", "score_at_least", "attended_at_least")


def mentions_disability(condition: Condition) -> bool:
    """Whether the answer depends on a declared disability."""
    if isinstance(condition, Combined):
        return any(mentions_disability(part) for part in condition.parts)
    return isinstance(condition, DeclaresDisability)


def parse(rule: Any) -> Condition:
    """Raises RuleProblem with a sentence for administrators if this is not a valid rule."""
    if not isinstance(rule, Mapping):
        raise RuleProblem('A rule is an object in braces, for example {"everybody": true}.')
    if not rule:
        return Nobody()
    key = next((leaf for leaf in ("activity", "group") if leaf in rule), "") or str(next(iter(rule)))
    if len(rule) > 1 and key not in ("activity", "group"):
        raise RuleProblem(f"Say one thing at a time: join {', '.join(sorted(map(str, rule)))} with “all” or “any”.")
    if key in ("all", "any", "none"):
        return _combined(key, rule[key])
    if key == "course":
        return _course(rule[key])
    if key == "activity":
        return _activity(rule)
    if key == "group":
        return _group(rule)
    if key in ("everybody", "declares_disability") and rule[key] is True:
        return Everybody() if key == "everybody" else DeclaresDisability()
    raise RuleProblem(f"“{key}” is not something a rule can ask.")


def _combined(how: str, parts: Any) -> Combined:
    if not isinstance(parts, list) or not parts:
        raise RuleProblem(f"“{how}” needs a list of at least one condition.")
    return Combined(how, tuple(parse(part) for part in parts))


def _course(criteria: Any) -> OnCourse:
    if not isinstance(criteria, Mapping) or not criteria:
        raise RuleProblem("“course” needs at least one criterion, such as level or status.")
    unknown = set(criteria) - set(LISTS) - set(NUMBERS) - {"placement_year"}
    if unknown:
        raise RuleProblem(f"A course has no {', '.join(sorted(map(str, unknown)))}.")
    given: dict[str, Any] = {}
    for field in LISTS:
        if field in criteria:
            given[field] = _listed(field, criteria[field])
    if "placement_year" in criteria:
        given["placement_year"] = bool(criteria["placement_year"])
    for field, (most, what) in NUMBERS.items():
        if field in criteria:
            given[field] = _number(field, criteria[field], most, what)
    return OnCourse(**given)


def _number(field: str, value: Any, most: int, what: str) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise RuleProblem(f"“{field}” is {what}, from 0 to {most:,}.")
    return value


def _listed(field: str, values: Any) -> tuple[Any, ...]:
    if not isinstance(values, list) or not values:
        raise RuleProblem(f"“{field}” needs a list of at least one value: an empty list would match nobody.")
    if field in CHOICES:
        unknown = [value for value in values if not isinstance(value, str) or value not in CHOICES[field]]
        if unknown:
            raise RuleProblem(f"“{unknown[0]}” is not a {field}.")
    return tuple(values)


def _activity(rule: Mapping[str, Any]) -> DidActivity:
    asks = set(ACTIVITY_ASKS) & set(rule)
    unknown = set(rule) - set(ACTIVITY_ASKS) - {"activity", "name", "within_days"}
    if len(asks) != 1 or unknown:
        raise RuleProblem("An activity is asked for one of: completed, score_at_least, attended_at_least.")
    ask = asks.pop()
    if ask == "completed" and rule[ask] is not True:
        raise RuleProblem("“completed” is true, or not there: to ask for the contrary, put it under “none”.")
    if ask != "completed" and type(rule[ask]) is not int:
        raise RuleProblem(f"“{ask}” is a whole number.")
    days = None
    if "within_days" in rule:
        days = _number("within_days", rule["within_days"], 3650, "a whole number of days")
        if ask == "attended_at_least":
            raise RuleProblem("How often somebody attended is kept without days: “within_days” cannot be asked of it.")
    named = str(rule.get("name") or rule["activity"])
    return DidActivity(str(rule["activity"]), named, within_days=days, **{ask: rule[ask]})


def _group(rule: Mapping[str, Any]) -> InGroup:
    if set(rule) - {"group", "name"} or not isinstance(rule["group"], str) or not rule["group"]:
        raise RuleProblem("“group” is the short name of one group; “name” may say what students read.")
    return InGroup(rule["group"], str(rule.get("name") or rule["group"]))
