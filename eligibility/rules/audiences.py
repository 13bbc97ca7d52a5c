"""Decides whether one student is in an audience. `selectors.audiences` makes the same decision as a queryset."""

from datetime import date, timedelta

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
from eligibility.rules.facts import ActivityFact, CourseFact, StudentFacts
from eligibility.rules.words import did_words, words
from foundation.outcomes.decisions import ALLOWED, Decision, all_of, any_of, refuse
from foundation.values.times import months_after, years_after

NOT_FOR_YOU = "not_eligible"
WRONG_RECORD = "Course details wrong? Ask your School to correct them."


def may_use(rule: object, facts: StudentFacts, on: date) -> Decision:
    """`rule` is JSON or a parsed condition. `on` is the local day of the appointment.

    A refusal has every reason: `details` if all must be met, `ways` if one would be enough.
    """
    return _decide(rule if isinstance(rule, Condition) else parse(rule), facts, on)


def is_for_another_course(decision: Decision) -> bool:
    """Whether it is the course that stands in the way: nothing that the student can do opens it."""
    return any(reason.remedy == WRONG_RECORD for reason in decision.reasons)


def could_be_met(condition: Condition, facts: StudentFacts) -> bool:
    """Whether `may_use` could allow it on some day. False is certain, so that no further days need checking.

    Requirements that depend on the day (an end, a completion within some years) are assumed to be met.
    """
    return _could_be(condition, facts, met=True)


def _could_be(condition: Condition, facts: StudentFacts, *, met: bool) -> bool:
    match condition:
        case OnCourse():
            fits = any(_is_as_asked(course, condition) for course in facts.courses)
            return fits if met else not fits or _asks_of_its_end(condition)
        case DidActivity():
            done = _has_done(condition, facts)
            return done if met else not done or condition.within_days is not None
        case Combined(how, parts):
            each = [_could_be(part, facts, met=met != (how == "none")) for part in parts]
            takes_every_part = met == (how != "any")
            return all(each) if takes_every_part else any(each)
    return bool(_decide(condition, facts, facts.today)) is met


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
            return ALLOWED if _did(condition, facts, on) else _not_done(condition, facts)
        case InGroup():
            return ALLOWED if condition.group in facts.groups else _refusal(condition)
        case Combined():
            return _decide_combined(condition, facts, on)
        case _:
            return refuse(NOT_FOR_YOU, "Nobody can book this at the moment.")


def _decide_combined(condition: Combined, facts: StudentFacts, on: date) -> Decision:
    decisions = [_decide(part, facts, on) for part in condition.parts]
    if condition.how == "none":
        met = [part for part, decision in zip(condition.parts, decisions, strict=True) if decision]
        return all_of([refuse(NOT_FOR_YOU, f"This is not for {words(part)}.", _unless(part)) for part in met])
    if condition.how == "all":
        return all_of(decisions)
    if any(decisions):
        return ALLOWED
    return any_of(decisions, _for(words(condition)), _either(decisions))


def _unless(excluded: Condition) -> str:
    return WRONG_RECORD if isinstance(excluded, OnCourse) else ""


def _either(decisions: list[Decision]) -> str:
    """`Complete CV Essentials, or reach 70 in the CV score.` What the student can do comes before a wrong record."""
    ways = [way for decision in decisions for way in (decision.ways or (decision,))]
    remedies = list(dict.fromkeys(filter(None, map(_doing, ways))))
    if not remedies:
        return next((decision.remedy for decision in decisions if decision.remedy), "")
    return _sentence(", or ".join(_inner(remedy) for remedy in remedies))


def _doing(way: Decision) -> str:
    """All that is needed to qualify in this way; empty if the student cannot do it."""
    remedies = [reason.remedy for reason in way.details or (way,)]
    if any(remedy in ("", WRONG_RECORD) for remedy in remedies):
        return ""
    return _sentence(" and ".join(_inner(remedy) for remedy in remedies))


def _inner(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


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
        case OnCourse():
            return refuse(NOT_FOR_YOU, _for(words(condition)), WRONG_RECORD)
        case InGroup():
            return refuse(NOT_FOR_YOU, _for(words(condition)), "If you are in this group, tell the careers service.")
    return refuse(NOT_FOR_YOU, _for(words(condition)))


def _not_done(condition: DidActivity, facts: StudentFacts) -> Decision:
    """Includes the progress so far, if any: `Reach 70 in the CV score (62 so far).`"""
    result, so_far = facts.activities.get(condition.activity), None
    if result is not None and condition.score_at_least is not None:
        so_far = result.score
    elif result is not None and condition.attended_at_least is not None:
        so_far = result.count or None
    text = did_words(condition) + ("" if so_far is None else f" ({so_far} so far)")
    return refuse("activity_needed", _for(words(condition)), _sentence(text))


def _meets(course: CourseFact, asked: OnCourse, on: date) -> bool:
    return _is_as_asked(course, asked) and _at_its_end(course, asked, on)


def _is_as_asked(course: CourseFact, asked: OnCourse) -> bool:
    """Everything except what depends on the day."""
    for field in ("level", "status", "mode", "fee_status", "programme", "school", "faculty", "year_of_study"):
        wanted = getattr(asked, field)
        if wanted and getattr(course, field) not in wanted:
            return False
    if asked.placement_year is not None and course.placement_year is not asked.placement_year:
        return False
    return _in_its_year(course, asked)


def _in_its_year(course: CourseFact, asked: OnCourse) -> bool:
    least, most = asked.year_at_least, asked.year_at_most
    return (least is None or course.year_of_study >= least) and (most is None or course.year_of_study <= most)


def _asks_of_its_end(asked: OnCourse) -> bool:
    return (asked.completed_within_years, asked.completed_more_than_years, asked.ends_within_months) != (None,) * 3


def _at_its_end(course: CourseFact, asked: OnCourse, on: date) -> bool:
    within, past, ahead = asked.completed_within_years, asked.completed_more_than_years, asked.ends_within_months
    if within is not None and not (course.completed_on and on <= years_after(course.completed_on, within)):
        return False
    if past is not None and not (course.completed_on and on > years_after(course.completed_on, past)):
        return False
    if ahead is None:
        return True
    ends = course.expected_end_on
    return course.completed_on is None and ends is not None and on <= ends <= months_after(on, ahead)


def _did(asked: DidActivity, facts: StudentFacts, on: date) -> bool:
    return _has_done(asked, facts) and _lately(facts.activities[asked.activity], asked, on)


def _has_done(asked: DidActivity, facts: StudentFacts) -> bool:
    """Everything except what depends on the day."""
    result = facts.activities.get(asked.activity)
    if result is None:
        return False
    if asked.completed:
        return result.completed_on is not None and result.completed_on <= facts.today
    if asked.score_at_least is not None:
        return result.score is not None and result.score >= asked.score_at_least
    return asked.attended_at_least is not None and result.count >= asked.attended_at_least


def _lately(result: ActivityFact, asked: DidActivity, on: date) -> bool:
    if asked.within_days is None:
        return True
    return result.completed_on is not None and result.completed_on >= on - timedelta(days=asked.within_days)
