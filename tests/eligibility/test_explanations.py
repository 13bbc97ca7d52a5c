"""Why a student may not book and what would change it: situations, and the exact sentences shown (ELIG-1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from accounts.rules.policy import policy_from
from appointments.models import AppointmentType
from appointments.rules.booking import may_book_at, may_book_on
from eligibility.models import AllocationPolicy, Audience, Period
from eligibility.models.conditions import parse
from eligibility.rules.audiences import may_use
from eligibility.rules.calendar import AcademicCalendar, Span
from eligibility.rules.facts import ActivityFact, Context, CourseFact, HoldFact, StudentFacts, UseFact
from eligibility.rules.words import base, requirement, words
from foundation.values.times import at

pytestmark = pytest.mark.policy("ELIG-1")

NOW = datetime(2026, 10, 7, 12, tzinfo=UTC)
TODAY = date(2026, 10, 7)
YEAR = (Span("semester:1", "Semester 1", date(2026, 9, 21), date(2027, 1, 23)),
        Span("semester:2", "Semester 2", date(2027, 2, 1), date(2027, 6, 12)))  # fmt: skip
CALENDAR = AcademicCalendar(
    semesters=YEAR, closures=(Span("closure:1", "closed", date(2026, 10, 9), date(2026, 10, 10)),)
)

LEVELS = ["undergraduate", "postgraduate_taught", "postgraduate_research"]
STUDENTS = {"course": {"level": LEVELS, "status": ["current"]}}
TAUGHT = {"course": {"level": LEVELS[:2], "status": ["current"]}}
RESEARCH = {"course": {"level": LEVELS[2:], "status": ["current"]}}
RECENT = {"course": {"status": ["completed"], "completed_within_years": 2}}
CLIENTS = {"any": [STUDENTS, RECENT]}
CV = {"activity": "cv-essentials", "name": "CV Essentials", "completed": True}
SCORE = {"activity": "cv-score", "name": "the CV score", "score_at_least": 70}
SESSION = {"activity": "sessions", "name": "the employer sessions", "attended_at_least": 1}
SESSIONS = {**SESSION, "attended_at_least": 3}
DISABLED = {"declares_disability": True}
RECORD = "Course details wrong? Ask your School to correct them."

UNDERGRADUATE = CourseFact(
    "BA-HIST", "School of History", "Faculty of Arts", "undergraduate", "full_time", "current", "home", 2, False, None
)
PERSON = StudentFacts(1, NOW, True, False, (UNDERGRADUATE,), {}, (), (), ())


def did(**results: ActivityFact) -> StudentFacts:
    return replace(PERSON, activities={slug.replace("_", "-"): fact for slug, fact in results.items()})


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        pytest.param(RESEARCH, PERSON, id="course"),
        pytest.param(
            CLIENTS,
            replace(PERSON, courses=()),
            id="any of two courses",
        ),
        pytest.param(
            CV,
            PERSON,
            id="completed",
        ),
        pytest.param(
            SCORE,
            PERSON,
            id="score",
        ),
        pytest.param(
            SCORE,
            did(cv_score=ActivityFact(None, 62, 0)),
            id="score, some way there",
        ),
        pytest.param(
            SESSION,
            PERSON,
            id="attended one",
        ),
        pytest.param(
            SESSIONS,
            did(sessions=ActivityFact(None, None, 1)),
            id="attended several",
        ),
        pytest.param(
            {"any": [CV, SCORE]},
            PERSON,
            id="any of two activities",
        ),
        pytest.param(
            {"any": [{"any": [CV, SCORE]}, SESSION]},
            PERSON,
            id="any within any",
        ),
        pytest.param(
            {"all": [CV, SESSION]},
            PERSON,
            id="all of two: every one that fails",
        ),
        pytest.param(
            {"all": [CLIENTS, {"any": [CV, SCORE]}]},
            replace(PERSON, courses=()),
            id="neither who they are nor what they did",
        ),
        pytest.param(
            {"any": [{"all": [CV, SCORE]}, {"all": [RESEARCH, SESSION]}]},
            PERSON,
            id="a way in that nothing can open is not proposed",
        ),
        pytest.param(
            {"any": [RESEARCH, CV]},
            PERSON,
            id="what can be done comes before a wrong record",
        ),
        pytest.param(
            {"all": [{"everybody": True}, {"none": [TAUGHT]}]},
            PERSON,
            id="none of",
        ),
        pytest.param(
            {"none": [CV]},
            did(cv_essentials=ActivityFact(date(2026, 10, 3), None, 0)),
            id="done already",
        ),
        pytest.param(
            DISABLED,
            PERSON,
            id="self-declared",
        ),
        pytest.param({}, PERSON, id="nobody"),
    ],
)
def test_why_not(rule: dict[str, Any], facts: StudentFacts, snapshot: SnapshotAssertion) -> None:
    decision = may_use(rule, facts, TODAY)
    assert [(reason.code, reason.message, reason.remedy) for reason in decision.reasons] == snapshot


@pytest.mark.parametrize(
    "rule",
    [
        {"everybody": True},
        {"course": {"level": ["undergraduate"]}},
        {"course": {"level": LEVELS}},
        {"course": {"status": ["current"]}},
        {"course": {"status": ["completed"]}},
        {"course": {"level": LEVELS[:1], "status": ["completed"]}},
        {"course": {"level": LEVELS[:1], "status": ["current", "interrupted"]}},
        {"course": {"fee_status": ["overseas"], "status": ["current"]}},
        {"course": {"fee_status": ["overseas"], "level": ["postgraduate_taught"]}},
        {"course": {"year_of_study": [2, 3], "level": LEVELS[:1]}},
        {"course": {"school": ["School of History"]}},
        {"course": {"mode": ["part_time", "distance"]}},
        {"course": {"placement_year": True}},
        {"course": {"completed_within_years": 1}},
        {"all": [RESEARCH, CV]},
        {"all": [CLIENTS, DISABLED]},
        {"all": [TAUGHT, {"none": [CV]}]},
        {"none": [RESEARCH]},
        {"all": [STUDENTS, {"none": [RESEARCH]}]},
    ],
)
def test_whom_a_rule_is_for(rule: dict[str, Any], snapshot: SnapshotAssertion) -> None:
    assert words(parse(rule)) == snapshot


def test_an_audience_and_what_is_asked_of_it_besides(snapshot: SnapshotAssertion) -> None:
    rule = parse({"all": [CLIENTS, {"any": [CV, SCORE]}]})
    assert base(rule) == snapshot
    assert requirement(rule) == snapshot


# All reasons at once.


def offered(rule: dict[str, Any], *policies: AllocationPolicy, **fields: Any) -> AppointmentType:
    type = AppointmentType(name="Applications advice", slug="advice", minutes=20, modes=["online"], **fields)
    type.audience = Audience(name="them", rule=rule)
    type.limits = list(policies)
    return type


def limited(period: Period, limit: int = 1, days: int | None = None, pk: int = 1) -> AllocationPolicy:
    return AllocationPolicy(pk=pk, name="Applications advice", limit=limit, period=period, rolling_days=days)


def used(*days: date, policy: int = 1) -> tuple[UseFact, ...]:
    return tuple(UseFact(policy, f"b{n}", on, at(on, NOW.time()), "", n) for n, on in enumerate(days))


def context(facts: StudentFacts) -> Context:
    return Context(facts, CALENDAR, policy_from({"service_email": "careers@example.ac.uk"}))


TELL = "Missed one for a good reason? Tell the careers service at careers@example.ac.uk."


@pytest.mark.parametrize(
    ("policy", "uses"),
    [
        (
            limited(Period.WEEK),
            [TODAY],
        ),
        (
            limited(Period.MONTH, 2),
            [TODAY, TODAY],
        ),
        (
            limited(Period.SEMESTER),
            [TODAY],
        ),
        (
            limited(Period.ROLLING_DAYS, days=14),
            [TODAY],
        ),
        (
            limited(Period.AT_ONE_TIME),
            [TODAY + timedelta(days=2)],
        ),
        (limited(Period.EVER), [TODAY]),
    ],
)
def test_a_used_allocation(policy: AllocationPolicy, uses: list[date], snapshot: SnapshotAssertion) -> None:
    facts = context(replace(PERSON, uses=used(*uses)))
    decision = may_book_on(offered({"everybody": True}, policy), facts, TODAY + timedelta(days=1))
    (reason,) = decision.reasons
    assert reason.code == "allocation_used"
    assert (reason.message, reason.remedy) == snapshot


def test_everything_that_stands_in_the_way_is_said_at_once(snapshot: SnapshotAssertion) -> None:
    """A hold, two audience conditions, two allocations and a closed day: none nested, none repeated."""
    hold = HoldFact("Please talk with us first.", TODAY, date(2026, 10, 20))
    type = offered(
        {"all": [RESEARCH, CV]}, limited(Period.WEEK), limited(Period.ROLLING_DAYS, days=14, pk=2), horizon_days=14
    )
    facts = replace(PERSON, holds=(hold,), uses=used(TODAY) + used(TODAY, policy=2))
    decision = may_book_at(type, context(facts), at(date(2026, 10, 9), NOW.time()))
    assert [reason.code for reason in decision.reasons] == [
        "closed", "on_hold", "not_eligible", "activity_needed", "allocation_used", "allocation_used",
    ]  # fmt: skip
    assert [(reason.message, reason.remedy) for reason in decision.reasons] == snapshot
    assert not any(reason.details for reason in decision.reasons)


def test_two_holds_are_both_said() -> None:
    holds = (HoldFact("One.", TODAY, date(2026, 10, 20)), HoldFact("Two.", TODAY, date(2026, 11, 2)))
    decision = may_book_on(offered({"everybody": True}), context(replace(PERSON, holds=holds)), TODAY)
    assert [reason.message.split(".")[0] for reason in decision.reasons] == ["One", "Two"]
