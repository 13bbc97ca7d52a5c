"""Why not, and what would change it: situations, and the exact sentences that people read (ELIG-1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

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
RECORD = "Your course is as the University has it. If that is wrong, tell your School."

UNDERGRADUATE = CourseFact(
    "BA-HIST", "School of History", "Faculty of Arts", "undergraduate", "full_time", "current", "home", 2, False, None
)
PERSON = StudentFacts(1, NOW, True, False, (UNDERGRADUATE,), {}, (), (), ())


def did(**results: ActivityFact) -> StudentFacts:
    return replace(PERSON, activities={slug.replace("_", "-"): fact for slug, fact in results.items()})


@pytest.mark.parametrize(
    ("rule", "facts", "said"),
    [
        pytest.param(RESEARCH, PERSON, [("This is for research postgraduates.", RECORD)], id="course"),
        pytest.param(
            CLIENTS,
            replace(PERSON, courses=()),
            [
                (
                    "This is for current students at every level, and graduates within 2 years of course end.",
                    RECORD,
                )
            ],
            id="any of two courses",
        ),
        pytest.param(
            CV,
            PERSON,
            [("This is for students who have completed CV Essentials.", "Complete CV Essentials.")],
            id="completed",
        ),
        pytest.param(
            SCORE,
            PERSON,
            [("This is for students who have reached 70 in the CV score.", "Reach 70 in the CV score.")],
            id="score",
        ),
        pytest.param(
            SCORE,
            did(cv_score=ActivityFact(None, 62, 0)),
            [("This is for students who have reached 70 in the CV score.", "Reach 70 in the CV score (62 so far).")],
            id="score, some way there",
        ),
        pytest.param(
            SESSION,
            PERSON,
            [
                (
                    "This is for students who have attended one of the employer sessions.",
                    "Attend one of the employer sessions.",
                )
            ],
            id="attended one",
        ),
        pytest.param(
            SESSIONS,
            did(sessions=ActivityFact(None, None, 1)),
            [
                (
                    "This is for students who have attended at least 3 of the employer sessions.",
                    "Attend at least 3 of the employer sessions (1 so far).",
                )
            ],
            id="attended several",
        ),
        pytest.param(
            {"any": [CV, SCORE]},
            PERSON,
            [
                (
                    "This is for students who have completed CV Essentials, or reached 70 in the CV score.",
                    "Complete CV Essentials, or reach 70 in the CV score.",
                )
            ],
            id="any of two activities",
        ),
        pytest.param(
            {"any": [{"any": [CV, SCORE]}, SESSION]},
            PERSON,
            [
                (
                    "This is for students who have completed CV Essentials, or reached 70 in the CV score, or attended "
                    "one of the employer sessions.",
                    "Complete CV Essentials, or reach 70 in the CV score, or attend one of the employer sessions.",
                )
            ],
            id="any within any",
        ),
        pytest.param(
            {"all": [CV, SESSION]},
            PERSON,
            [
                ("This is for students who have completed CV Essentials.", "Complete CV Essentials."),
                (
                    "This is for students who have attended one of the employer sessions.",
                    "Attend one of the employer sessions.",
                ),
            ],
            id="all of two: every one that fails",
        ),
        pytest.param(
            {"all": [CLIENTS, {"any": [CV, SCORE]}]},
            replace(PERSON, courses=()),
            [
                ("This is for current students at every level, and graduates within 2 years of course end.", RECORD),
                (
                    "This is for students who have completed CV Essentials, or reached 70 in the CV score.",
                    "Complete CV Essentials, or reach 70 in the CV score.",
                ),
            ],
            id="neither who they are nor what they did",
        ),
        pytest.param(
            {"any": [{"all": [CV, SCORE]}, {"all": [RESEARCH, SESSION]}]},
            PERSON,
            [
                (
                    "This is for students who have completed CV Essentials and reached 70 in the CV score, and "
                    "research postgraduates if they have attended one of the employer sessions.",
                    "Complete CV Essentials and reach 70 in the CV score.",
                )
            ],
            id="a way in that nothing can open is not proposed",
        ),
        pytest.param(
            {"any": [RESEARCH, CV]},
            PERSON,
            [
                (
                    "This is for research postgraduates, and students who have completed CV Essentials.",
                    "Complete CV Essentials.",
                )
            ],
            id="what can be done comes before a wrong record",
        ),
        pytest.param(
            {"all": [{"everybody": True}, {"none": [TAUGHT]}]},
            PERSON,
            [("This is not for undergraduates and taught postgraduates.", RECORD)],
            id="none of",
        ),
        pytest.param(
            {"none": [CV]},
            did(cv_essentials=ActivityFact(date(2026, 10, 3), None, 0)),
            [("This is not for students who have completed CV Essentials.", "")],
            id="done already",
        ),
        pytest.param(
            DISABLED,
            PERSON,
            [
                (
                    "This is for students who have told us that they are disabled or neurodivergent.",
                    "If that is you, say so on your profile.",
                )
            ],
            id="self-declared",
        ),
        pytest.param({}, PERSON, [("This is not open to anybody at present.", "")], id="nobody"),
    ],
)
def test_why_not(rule: dict[str, Any], facts: StudentFacts, said: list[tuple[str, str]]) -> None:
    decision = may_use(rule, facts, TODAY)
    assert [(reason.message, reason.remedy) for reason in decision.reasons] == said


@pytest.mark.parametrize(
    ("rule", "whom"),
    [
        ({"everybody": True}, "everybody"),
        ({"course": {"level": ["undergraduate"]}}, "undergraduates"),
        ({"course": {"level": LEVELS}}, "students at every level"),
        ({"course": {"status": ["current"]}}, "current students"),
        ({"course": {"status": ["completed"]}}, "graduates"),
        ({"course": {"level": LEVELS[:1], "status": ["completed"]}}, "graduates of undergraduate courses"),
        (
            {"course": {"level": LEVELS[:1], "status": ["current", "interrupted"]}},
            "undergraduates, and undergraduates who have interrupted their studies",
        ),
        ({"course": {"fee_status": ["overseas"], "status": ["current"]}}, "overseas students"),
        ({"course": {"fee_status": ["overseas"], "level": ["postgraduate_taught"]}}, "overseas taught postgraduates"),
        ({"course": {"year_of_study": [2, 3], "level": LEVELS[:1]}}, "undergraduates in year 2 or 3"),
        ({"course": {"school": ["School of History"]}}, "students in the School of History"),
        ({"course": {"mode": ["part_time", "distance"]}}, "students studying part-time or by distance learning"),
        ({"course": {"placement_year": True}}, "students whose programme has a placement year"),
        ({"course": {"completed_within_years": 1}}, "graduates within 1 year of course end"),
        ({"all": [RESEARCH, CV]}, "research postgraduates if they have completed CV Essentials"),
        (
            {"all": [CLIENTS, DISABLED]},
            "current students at every level, and graduates within 2 years of course end, if they have told us that "
            "they are disabled or neurodivergent",
        ),
        (
            {"all": [TAUGHT, {"none": [CV]}]},
            "undergraduates and taught postgraduates if they have not completed CV Essentials",
        ),
        ({"none": [RESEARCH]}, "everybody except research postgraduates"),
        ({"all": [STUDENTS, {"none": [RESEARCH]}]}, "current students at every level, except research postgraduates"),
    ],
)
def test_whom_a_rule_is_for(rule: dict[str, Any], whom: str) -> None:
    assert words(parse(rule)) == whom


def test_an_audience_and_what_is_asked_of_it_besides() -> None:
    rule = parse({"all": [CLIENTS, {"any": [CV, SCORE]}]})
    assert base(rule) == "current students at every level, and graduates within 2 years of course end"
    assert requirement(rule) == "have completed CV Essentials, or reached 70 in the CV score"


# Everything at once.


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
    ("policy", "uses", "message", "remedy"),
    [
        (
            limited(Period.WEEK),
            [TODAY],
            "Applications advice: 0 of 1 left for the week of 5 October 2026 until Monday 12 October 2026.",
            f"Choose a day from Monday 12 October 2026 on. {TELL}",
        ),
        (
            limited(Period.MONTH, 2),
            [TODAY, TODAY],
            "Applications advice: 0 of 2 left for October 2026 until Sunday 1 November 2026.",
            f"Choose a day from Sunday 1 November 2026 on. {TELL}",
        ),
        (
            limited(Period.SEMESTER),
            [TODAY],
            "Applications advice: 0 of 1 left for Semester 1 until Monday 1 February 2027.",
            f"Choose a day from Monday 1 February 2027 on. {TELL}",
        ),
        (
            limited(Period.ROLLING_DAYS, days=14),
            [TODAY],
            "Applications advice: 0 of 1 left in any 14 days until Wednesday 21 October 2026.",
            f"Choose a day from Wednesday 21 October 2026 on. {TELL}",
        ),
        (
            limited(Period.AT_ONE_TIME),
            [TODAY + timedelta(days=2)],
            "Applications advice: 1 may be booked at one time, and 1 is booked already.",
            "Attend or cancel that one first.",
        ),
        (limited(Period.EVER), [TODAY], "Applications advice: 0 of 1 left altogether.", TELL),
    ],
)
def test_a_used_allocation(policy: AllocationPolicy, uses: list[date], message: str, remedy: str) -> None:
    facts = context(replace(PERSON, uses=used(*uses)))
    decision = may_book_on(offered({"everybody": True}, policy), facts, TODAY + timedelta(days=1))
    assert [(reason.code, reason.message, reason.remedy) for reason in decision.reasons] == [
        ("allocation_used", message, remedy)
    ]


def test_everything_that_stands_in_the_way_is_said_at_once() -> None:
    """A hold, the audience in two ways, two allocations and a closed day: none nested, none twice."""
    hold = HoldFact("Please talk with us first.", TODAY, date(2026, 10, 20))
    type = offered(
        {"all": [RESEARCH, CV]}, limited(Period.WEEK), limited(Period.ROLLING_DAYS, days=14, pk=2), horizon_days=14
    )
    facts = replace(PERSON, holds=(hold,), uses=used(TODAY) + used(TODAY, policy=2))
    decision = may_book_at(type, context(facts), at(date(2026, 10, 9), NOW.time()))
    assert [(reason.code, reason.message) for reason in decision.reasons] == [
        ("closed", "The careers service is closed on Friday 9 October 2026."),
        ("on_hold", "Please talk with us first. No appointment can be booked before Tuesday 20 October 2026."),
        ("not_eligible", "This is for research postgraduates."),
        ("activity_needed", "This is for students who have completed CV Essentials."),
        (
            "allocation_used",
            "Applications advice: 0 of 1 left for the week of 5 October 2026 until Monday 12 October 2026.",
        ),
        ("allocation_used", "Applications advice: 0 of 1 left in any 14 days until Wednesday 21 October 2026."),
    ]
    assert decision.reasons[1].remedy == (
        "To talk about this or to appeal, contact the careers service at careers@example.ac.uk."
    )
    assert not any(reason.details for reason in decision.reasons)


def test_two_holds_are_both_said() -> None:
    holds = (HoldFact("One.", TODAY, date(2026, 10, 20)), HoldFact("Two.", TODAY, date(2026, 11, 2)))
    decision = may_book_on(offered({"everybody": True}), context(replace(PERSON, holds=holds)), TODAY)
    assert [reason.message.split(".")[0] for reason in decision.reasons] == ["One", "Two"]
