"""Is this student in that audience? The decision for one person, and (in `selectors.audiences`) its queryset twin."""

from datetime import date

from accounts.models import FeeStatus, Level, Mode, Status
from careerconnect.foundation.decisions import ALLOWED, Decision, refuse
from careerconnect.foundation.times import years_after
from eligibility.conditions import (
    Combined,
    Condition,
    DeclaresDisability,
    DidActivity,
    Everybody,
    OnCourse,
    parse,
)
from eligibility.facts import CourseFact, StudentFacts

NOT_FOR_YOU = "not_eligible"
WRONG_RECORD = "Your course is as the University has it. If that is wrong, tell your School."


def may_use(rule: object, facts: StudentFacts, on: date) -> Decision:
    """`rule` as it is written, or read already. `on` is the local day of the appointment.

    A refusal carries one detail for each way in that is not open.
    """
    return _decide(rule if isinstance(rule, Condition) else parse(rule), facts, on)


def _decide(condition: Condition, facts: StudentFacts, on: date) -> Decision:
    match condition:
        case Everybody():
            return ALLOWED
        case DeclaresDisability():
            return ALLOWED if facts.declares_disability else _refusal(condition)
        case OnCourse():
            met = any(_meets(course, condition, on) for course in facts.courses)
            return ALLOWED if met else _refusal(condition)
        case DidActivity():
            return ALLOWED if _did(condition, facts) else _refusal(condition)
        case Combined():
            return _decide_combined(condition, facts, on)
        case _:
            return refuse(NOT_FOR_YOU, "This is not open to anybody at present.")


def _decide_combined(condition: Combined, facts: StudentFacts, on: date) -> Decision:
    decisions = [_decide(part, facts, on) for part in condition.parts]
    if condition.how == "none":
        if not any(decisions):
            return ALLOWED
        excluded = next(part for part, decision in zip(condition.parts, decisions, strict=True) if decision)
        return refuse(NOT_FOR_YOU, f"This is not for {words(excluded)}.")
    failing = tuple(decision for decision in decisions if not decision)
    if not failing or (condition.how == "any" and len(failing) < len(decisions)):
        return ALLOWED
    if condition.how == "all":
        first = failing[0]
        return Decision(False, first.code, first.message, first.remedy, failing)
    return Decision(False, NOT_FOR_YOU, _for(words(condition)), _either(failing), failing)


def _either(failing: tuple[Decision, ...]) -> str:
    """`Complete CV Essentials, or reach 70 in the CV score.` What somebody can do comes before a wrong record."""
    remedies = [decision.remedy for decision in failing if decision.remedy not in ("", WRONG_RECORD)]
    if not remedies:
        return next((decision.remedy for decision in failing), "")
    first, *rest = [remedy.rstrip(".") for remedy in remedies]
    return ", or ".join([first, *(text[0].lower() + text[1:] for text in rest)]) + "."


def _for(whom: str) -> str:
    return f"This is for {whom}."


def _refusal(condition: Condition) -> Decision:
    match condition:
        case DeclaresDisability():
            return refuse(
                NOT_FOR_YOU,
                "This is for students who have told us that they are disabled or neurodivergent.",
                "If that is you, say so on your profile.",
            )
        case DidActivity():
            return refuse("activity_needed", _for(words(condition)), _do(condition))
        case OnCourse():
            return refuse(NOT_FOR_YOU, _for(words(condition)), WRONG_RECORD)
    return refuse(NOT_FOR_YOU, _for(words(condition)))


def _do(condition: DidActivity) -> str:
    text = did_words(condition)
    return f"{text[0].upper()}{text[1:]}."


def _meets(course: CourseFact, asked: OnCourse, on: date) -> bool:
    for field in ("level", "status", "mode", "fee_status", "programme", "school", "faculty", "year_of_study"):
        wanted = getattr(asked, field)
        if wanted and getattr(course, field) not in wanted:
            return False
    if asked.placement_year is not None and course.placement_year is not asked.placement_year:
        return False
    if asked.completed_within_years is None:
        return True
    return course.completed_on is not None and on <= years_after(course.completed_on, asked.completed_within_years)


def _did(asked: DidActivity, facts: StudentFacts) -> bool:
    result = facts.activities.get(asked.activity)
    if result is None:
        return False
    if asked.completed:
        return result.completed_on is not None and result.completed_on <= facts.today
    if asked.score_at_least is not None:
        return result.score is not None and result.score >= asked.score_at_least
    return asked.attended_at_least is not None and result.count >= asked.attended_at_least


# What a rule says, in words.


def words(condition: Condition) -> str:
    """After “This is for”: `undergraduates who are current students or graduates within 2 years of course end`."""
    match condition:
        case Everybody():
            return "everybody"
        case DeclaresDisability():
            return "students who have told us that they are disabled or neurodivergent"
        case OnCourse():
            return _course_words(condition)
        case DidActivity():
            return f"students who {_past(condition)}"
        case Combined(how="any", parts=parts):
            return _joined([words(part) for part in parts], "or")
        case Combined(how="all", parts=parts):
            return _joined([words(part) for part in parts], "and")
        case Combined(how="none", parts=parts):
            return f"students other than {_joined([words(part) for part in parts], 'or')}"
    return "nobody at present"


LEVEL_WORDS = {
    Level.UNDERGRADUATE: "undergraduates",
    Level.POSTGRADUATE_TAUGHT: "taught postgraduates",
    Level.POSTGRADUATE_RESEARCH: "research postgraduates",
}


def _course_words(asked: OnCourse) -> str:
    graduates = asked.status == (Status.COMPLETED,)
    who = _joined([LEVEL_WORDS[Level(level)] for level in asked.level], "and") if asked.level else "students"
    if graduates:
        who = "graduates" if not asked.level else f"graduates who were {who}"
    extra = []
    if asked.completed_within_years is not None:
        years = asked.completed_within_years
        extra.append(f"within {years} year{'s' if years != 1 else ''} of course end")
    if asked.fee_status == (FeeStatus.OVERSEAS,):
        who = "overseas students" if not asked.level else f"overseas {who}"
    if asked.placement_year:
        extra.append("whose programme has a placement year")
    if asked.mode:
        extra.append("studying " + _joined([str(Mode(mode).label) for mode in asked.mode], "or"))
    for field, label in (("programme", "on"), ("school", "in"), ("faculty", "in")):
        if getattr(asked, field):
            extra.append(f"{label} {_joined(list(getattr(asked, field)), 'or')}")
    if asked.year_of_study:
        extra.append("in year " + _joined([str(year) for year in asked.year_of_study], "or"))
    return " ".join([who, *extra])


def _past(condition: DidActivity) -> str:
    if condition.completed:
        return f"have completed {condition.name}"
    if condition.score_at_least is not None:
        return f"have reached {condition.score_at_least} in {condition.name}"
    return f"have attended {_times(condition.attended_at_least or 0)} of {condition.name}"


def did_words(condition: DidActivity) -> str:
    if condition.completed:
        return f"complete {condition.name}"
    if condition.score_at_least is not None:
        return f"reach {condition.score_at_least} in {condition.name}"
    return f"attend at least {_times(condition.attended_at_least or 0)} of {condition.name}"


def _times(count: int) -> str:
    return "one" if count == 1 else str(count)


def _joined(parts: list[str], word: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"
