"""The language that audiences are written in: a small tree, parsed and checked here, without touching a row.

    {"any": [{"course": {"level": ["undergraduate"], "status": ["current"]}},
             {"course": {"status": ["completed"], "completed_within_years": 2}}]}

Nodes: `all`, `any`, `none` over a non-empty list. Leaves: `course` (one course that meets every criterion),
`activity`, `declares_disability`, `everybody`. An empty rule matches nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import FeeStatus, Level, Mode, Status


class RuleProblem(ValueError):
    """The sentence that explains what is wrong with a rule."""


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
    """One course meets every criterion given; an empty tuple or None asks nothing."""

    level: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    mode: tuple[str, ...] = ()
    fee_status: tuple[str, ...] = ()
    programme: tuple[str, ...] = ()
    school: tuple[str, ...] = ()
    faculty: tuple[str, ...] = ()
    year_of_study: tuple[int, ...] = ()
    placement_year: bool | None = None
    completed_within_years: int | None = None


@dataclass(frozen=True, slots=True)
class DidActivity:
    """`completed`, or a score or count of at least so much."""

    activity: str
    name: str
    completed: bool = False
    score_at_least: int | None = None
    attended_at_least: int | None = None


@dataclass(frozen=True, slots=True)
class Combined:
    how: str
    parts: tuple["Condition", ...]


Condition = Nobody | Everybody | DeclaresDisability | OnCourse | DidActivity | Combined

CHOICES: dict[str, type] = {"level": Level, "status": Status, "mode": Mode, "fee_status": FeeStatus}
LISTS = ("level", "status", "mode", "fee_status", "programme", "school", "faculty", "year_of_study")


def parse(rule: Any) -> Condition:
    """Raises RuleProblem, with the sentence an administrator reads, for anything that is not a rule."""
    if not isinstance(rule, Mapping):
        raise RuleProblem('A rule is an object in braces, for example {"everybody": true}.')
    if not rule:
        return Nobody()
    if len(rule) > 1 and "activity" not in rule:
        raise RuleProblem(f"Say one thing at a time: join {', '.join(sorted(rule))} with “all” or “any”.")
    key = "activity" if "activity" in rule else next(iter(rule))
    if key in ("all", "any", "none"):
        return _combined(key, rule[key])
    if key == "course":
        return _course(rule[key])
    if key == "activity":
        return _activity(rule)
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
    unknown = set(criteria) - set(LISTS) - {"placement_year", "completed_within_years"}
    if unknown:
        raise RuleProblem(f"A course has no {', '.join(sorted(unknown))}.")
    given: dict[str, Any] = {}
    for field in LISTS:
        if field in criteria:
            given[field] = _listed(field, criteria[field])
    if "placement_year" in criteria:
        given["placement_year"] = bool(criteria["placement_year"])
    if "completed_within_years" in criteria:
        years = criteria["completed_within_years"]
        if type(years) is not int or not 0 <= years <= 100:
            raise RuleProblem("“completed_within_years” is a whole number of years.")
        given["completed_within_years"] = years
    return OnCourse(**given)


def _listed(field: str, values: Any) -> tuple[Any, ...]:
    if not isinstance(values, list) or not values:
        raise RuleProblem(f"“{field}” needs a list of at least one value: an empty list would match nobody.")
    if field in CHOICES:
        unknown = [value for value in values if value not in CHOICES[field].values]  # type: ignore[attr-defined]
        if unknown:
            raise RuleProblem(f"“{unknown[0]}” is not a {field}.")
    return tuple(values)


def _activity(rule: Mapping[str, Any]) -> DidActivity:
    asks = {"completed", "score_at_least", "attended_at_least"} & set(rule)
    unknown = set(rule) - {"activity", "name", "completed", "score_at_least", "attended_at_least"}
    if len(asks) != 1 or unknown:
        raise RuleProblem("An activity is asked for one of: completed, score_at_least, attended_at_least.")
    ask = asks.pop()
    if ask != "completed" and type(rule[ask]) is not int:
        raise RuleProblem(f"“{ask}” is a whole number.")
    return DidActivity(str(rule["activity"]), str(rule.get("name", rule["activity"])), **{ask: rule[ask]})
