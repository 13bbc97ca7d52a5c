"""Describes a rule in words: whom it is for, and what somebody would have to do."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from accounts.models import FeeStatus, Level, Mode, Status
from eligibility.models.conditions import (
    Combined,
    Condition,
    DeclaresDisability,
    DidActivity,
    Everybody,
    InGroup,
    OnCourse,
)
from foundation.values.counted import counted

PREDICATES = (DidActivity, DeclaresDisability)
TOLD_US = "have told us that they are disabled or neurodivergent"

LEVEL_WORDS = {
    Level.UNDERGRADUATE: "undergraduates",
    Level.POSTGRADUATE_TAUGHT: "taught postgraduates",
    Level.POSTGRADUATE_RESEARCH: "research postgraduates",
}
COURSE_WORDS = {
    Level.UNDERGRADUATE: "undergraduate",
    Level.POSTGRADUATE_TAUGHT: "taught postgraduate",
    Level.POSTGRADUATE_RESEARCH: "research",
}
MODE_WORDS = {Mode.FULL_TIME: "full-time", Mode.PART_TIME: "part-time", Mode.DISTANCE: "by distance learning"}
FEE_WORDS = {FeeStatus.HOME: "home", FeeStatus.OVERSEAS: "overseas"}


@lru_cache(maxsize=1024)
def words(condition: Condition) -> str:
    """Whom the condition is for, to follow “This is for”: `undergraduates, and graduates within 2 years of course end`.

    Cached, because a page asks for the same refusal for every day of a window.
    """
    match condition:
        case Everybody():
            return "everybody"
        case OnCourse():
            return _course(condition)
        case InGroup():
            return f"members of {_the_group(condition.name)}"
        case Combined(how="any", parts=parts) if not _is_predicate(condition):
            return _and([words(part) for part in _flat(parts, "any")])
        case Combined(how="all", parts=parts) if not _is_predicate(condition):
            return _narrowed(_flat(parts, "all"))
        case Combined(how="none", parts=parts) if not _is_predicate(condition):
            return f"everybody except {_and([words(part) for part in parts])}"
        case DidActivity() | DeclaresDisability() | Combined():
            return f"students who {_predicate(condition)}"
    return "nobody at present"


def requirement(condition: Condition) -> str:
    """What the rule requires in addition, to follow “they”: `have completed CV Essentials, or reached 70 in the CV
    score`.
    """
    if isinstance(condition, Combined) and condition.how == "all" and not _is_predicate(condition):
        asked = [part for part in _flat(condition.parts, "all") if _is_predicate(part)]
        return " and ".join(_predicate(part) for part in asked)
    return ""


def base(condition: Condition) -> str:
    """Whom the rule is for without its `requirement`: `words` as two sentences instead of one."""
    if isinstance(condition, Combined) and condition.how == "all" and requirement(condition):
        rest = tuple(part for part in _flat(condition.parts, "all") if not _is_predicate(part))
        return words(rest[0] if len(rest) == 1 else Combined("all", rest))
    return words(condition)


def did_words(condition: DidActivity) -> str:
    """`complete CV Essentials`, `attend at least 3 of the employer sessions`"""
    if condition.completed:
        return f"complete {condition.name}{_lately(condition)}"
    if condition.score_at_least is not None:
        return f"reach {condition.score_at_least} in {condition.name}{_lately(condition)}"
    return f"attend {_times(condition)}"


def _lately(condition: DidActivity) -> str:
    days = condition.within_days
    if days is None:
        return ""
    return " within the " + ("day" if days == 1 else counted(days, "day")) + " before the appointment"


def _the_group(name: str) -> str:
    return name if name.startswith(("the ", "The ", "our ")) else f"the group “{name}”"


def _flat(parts: Sequence[Condition], how: str) -> list[Condition]:
    """Merges nested combinations of the same kind, which mean the same as one."""
    found: list[Condition] = []
    for part in parts:
        found += _flat(part.parts, how) if isinstance(part, Combined) and part.how == how else [part]
    return found


def _is_predicate(condition: Condition) -> bool:
    """Whether the condition is about what somebody has done or told us, not about who they are."""
    if isinstance(condition, Combined):
        return all(_is_predicate(part) for part in condition.parts)
    return isinstance(condition, PREDICATES)


def _predicate(condition: Condition) -> str:
    match condition:
        case DidActivity():
            return f"have {_done(condition)}"
        case DeclaresDisability():
            return TOLD_US
        case Combined(how="none", parts=parts):
            return " and ".join(_negated(part) for part in parts)
        case Combined(how=how, parts=parts):
            join = ", or " if how == "any" else " and "
            first, *rest = [_predicate(part) for part in _flat(parts, how)]
            return join.join([first, *(text.removeprefix("have ") for text in rest)])
    return ""


def _negated(condition: Condition) -> str:
    return _predicate(condition).replace("have ", "have not ", 1)


def _done(condition: DidActivity) -> str:
    if condition.completed:
        return f"completed {condition.name}{_lately(condition)}"
    if condition.score_at_least is not None:
        return f"reached {condition.score_at_least} in {condition.name}{_lately(condition)}"
    return f"attended {_times(condition)}"


def _times(condition: DidActivity) -> str:
    count = condition.attended_at_least or 0
    of = condition.name if condition.name.startswith(("the ", "our ", "your ")) else f"the {condition.name}"
    return f"one of {of}" if count == 1 else f"at least {count} of {of}"


def _narrowed(parts: Sequence[Condition]) -> str:
    """`undergraduates who are also overseas students, except …, if they have completed CV Essentials`"""
    without = [part for part in parts if isinstance(part, Combined) and part.how == "none" and not _is_predicate(part)]
    asked = [part for part in parts if _is_predicate(part)]
    whom = [words(part) for part in parts if part not in without and part not in asked and part != Everybody()]
    text = " who are also ".join(whom) or ("students" if asked else "everybody")
    if without:
        text += f", except {_and([words(each) for part in without for each in _parts(part)])}"
    if asked:
        text += f"{',' if ', ' in text else ''} if they {' and '.join(_predicate(part) for part in asked)}"
    return text


def _parts(condition: Condition) -> Sequence[Condition]:
    return condition.parts if isinstance(condition, Combined) else (condition,)


def _course(asked: OnCourse) -> str:
    """Uses one noun per status, because a graduate is not called a student."""
    statuses: list[Status | None] = [Status(status) for status in asked.status] or [None]
    if asked.completed_within_years is not None or asked.completed_more_than_years is not None:
        statuses = [Status.COMPLETED]
    nouns = [_noun(replace(asked, status=(status,) if status else ()), status) for status in statuses]
    return _and(nouns)


def _noun(asked: OnCourse, status: Status | None) -> str:
    levels = [Level(level) for level in Level.values if level in asked.level]
    fees = " ".join(FEE_WORDS[FeeStatus(fee)] for fee in asked.fee_status) if len(asked.fee_status) == 1 else ""
    if status == Status.COMPLETED:
        who = " ".join(filter(None, [fees, "graduates"]))
        if levels and len(levels) < len(Level.values):
            who += f" of {_and([COURSE_WORDS[level] for level in levels])} courses"
    else:
        who = _students(levels, fees, current=status == Status.CURRENT)
    return " ".join([who, *_criteria(asked), *_standing(status)])


def _students(levels: list[Level], fees: str, *, current: bool) -> str:
    if levels and len(levels) < len(Level.values):
        return " ".join(filter(None, [fees, _and([LEVEL_WORDS[level] for level in levels])]))
    who = " ".join(filter(None, [fees or ("current" if current else ""), "students"]))
    return f"{who} at every level" if levels else who


def _standing(status: Status | None) -> list[str]:
    return {
        Status.INTERRUPTED: ["who have interrupted their studies"],
        Status.WITHDRAWN: ["who have left their course"],
    }.get(status, []) if status else []  # fmt: skip


def _criteria(asked: OnCourse) -> list[str]:
    said = []
    if asked.completed_within_years is not None:
        years = asked.completed_within_years
        said.append(f"within {counted(years, 'year')} of course end")
    if asked.completed_more_than_years is not None:
        years = asked.completed_more_than_years
        text = f"more than {counted(years, 'year')} after course end"
        said.append(f"but {text}" if said else text)
    if asked.ends_within_months is not None:
        months = asked.ends_within_months
        said.append("in the last " + ("month" if months == 1 else counted(months, "month")) + " of their course")
    if asked.year_of_study:
        said.append("in year " + _or([str(year) for year in asked.year_of_study]))
    said += _years(asked)
    if asked.programme:
        said.append("on " + _or(list(asked.programme)))
    for names in (asked.school, asked.faculty):
        if names:
            said.append("in " + _or([_the(name) for name in names]))
    if asked.mode:
        said.append("studying " + _or([MODE_WORDS[Mode(mode)] for mode in asked.mode]))
    if asked.placement_year is not None:
        said.append(f"whose programme has {'a' if asked.placement_year else 'no'} placement year")
    return said


def _years(asked: OnCourse) -> list[str]:
    least, most = asked.year_at_least, asked.year_at_most
    if least is not None and most is not None:
        return [f"in year {least}" if least == most else f"in years {least} to {most}"]
    if least is not None:
        return [f"in year {least} or later"]
    return [] if most is None else [f"in year {most} or earlier"]


def _the(name: str) -> str:
    return f"the {name}" if name.startswith(("School of", "Faculty of", "Department of")) else name


def _and(parts: Sequence[str]) -> str:
    """Puts a comma before “and” if a part contains one."""
    return _joined(parts, "and")


def _or(parts: Sequence[str]) -> str:
    return _joined(parts, "or")


def _joined(parts: Sequence[str], word: str) -> str:
    if len(parts) == 1:
        return parts[0]
    comma = "," if any(" and " in part or " who " in part or " of " in part or ", " in part for part in parts) else ""
    return f"{', '.join(parts[:-1])}{comma} {word} {parts[-1]}"
