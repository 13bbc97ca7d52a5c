"""One meaning, two forms: the decision for one person and the query for everybody agree."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import FeeStatus, Level, Mode, Status, User
from eligibility.conditions import RuleProblem, parse
from eligibility.models import Activity, ActivityKind, ActivityResult
from eligibility.rules.audiences import may_use
from eligibility.rules.words import words
from eligibility.selectors.audiences import people_in
from eligibility.selectors.student_facts import student_context
from tests.factories import EnrolmentFactory, ProgrammeFactory, StudentFactory, activity

TODAY = date.today()  # noqa: DTZ011 - activities are looked at as of the day the test runs


def some(choices: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(choices), min_size=1, max_size=2, unique=True)


courses = st.fixed_dictionaries(
    {},
    optional={
        "level": some(Level.values),
        "status": some(Status.values),
        "mode": some(Mode.values),
        "fee_status": some(FeeStatus.values),
        "programme": some(["history", "physics"]),
        "placement_year": st.booleans(),
        "completed_within_years": st.integers(0, 3),
    },
).filter(bool)
leaves = st.one_of(
    courses.map(lambda criteria: {"course": criteria}),
    st.just({"everybody": True}),
    st.just({"declares_disability": True}),
    st.just({"activity": "cv", "completed": True}),
    st.integers(0, 100).map(lambda n: {"activity": "score", "score_at_least": n}),
    st.integers(0, 3).map(lambda n: {"activity": "sessions", "attended_at_least": n}),
)
rules = st.recursive(
    leaves,
    lambda parts: st.builds(
        lambda how, few: {how: few}, st.sampled_from(["all", "any", "none"]), st.lists(parts, min_size=1, max_size=3)
    ),
    max_leaves=6,
)
enrolments = st.fixed_dictionaries(
    {
        "level": st.sampled_from(Level.values),
        "status": st.sampled_from(Status.values),
        "mode": st.sampled_from(Mode.values),
        "fee_status": st.sampled_from(FeeStatus.values),
        "programme": st.sampled_from(["history", "physics"]),
        "completed": st.sampled_from([None, 0, 364, 365, 366, 730, 731, 1095, 1096, 2000]),
    }
)
people = st.fixed_dictionaries(
    {
        "disabled": st.booleans(),
        "courses": st.lists(enrolments, max_size=2),
        "cv": st.sampled_from([None, -3, 0, 3]),
        "score": st.none() | st.integers(0, 100),
        "sessions": st.none() | st.integers(0, 3),
    }
)


@pytest.fixture
def known(db: None) -> dict[str, Any]:
    return {
        "history": ProgrammeFactory(code="history", has_placement_year=True),
        "physics": ProgrammeFactory(code="physics"),
        "cv": activity("cv"),
        "score": activity("score", ActivityKind.SCORE),
        "sessions": activity("sessions", ActivityKind.ATTENDANCE),
    }


def enter(person: dict[str, Any], known: dict[str, Any]) -> User:
    student = StudentFactory(course=False, declares_disability=person["disabled"])
    for number, course in enumerate(person["courses"]):
        days = course["completed"]
        if course["status"] == Status.COMPLETED:
            days = days or 0
        EnrolmentFactory(
            student=student,
            programme=known[course["programme"]],
            level=course["level"],
            status=course["status"],
            mode=course["mode"],
            fee_status=course["fee_status"],
            started_on=date(2010 - number, 9, 1),
            completed_on=None if days is None else TODAY - timedelta(days=days),
        )
    results = {
        "cv": {"completed_on": None if person["cv"] is None else TODAY - timedelta(days=person["cv"])},
        "score": {"score": person["score"]},
        "sessions": {"count": person["sessions"] or 0},
    }
    ActivityResult.objects.bulk_create(
        [ActivityResult(student=student, activity=known[slug], **fields) for slug, fields in results.items()]
    )
    return student


@pytest.mark.policy("ELIG-1")
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule=rules, person=people, ahead=st.sampled_from([0, 1, 30]))
def test_the_decision_and_the_query_agree(
    known: dict[str, Any], rule: dict[str, Any], person: dict[str, Any], ahead: int
) -> None:
    with transaction.atomic():
        student, on = enter(person, known), TODAY + timedelta(days=ahead)
        facts = student_context(student.pk).facts
        decision = may_use(rule, facts, on)
        found = people_in(rule, on, facts.today).filter(pk=student.pk).exists()
        transaction.set_rollback(True)
    assert bool(decision) is found
    assert decision.allowed or (decision.message and decision.message.endswith("."))
    assert words(parse(rule))


@pytest.mark.policy("ELIG-1")
def test_an_empty_rule_matches_nobody(db: None) -> None:
    student = StudentFactory()
    assert not may_use({}, student_context(student.pk).facts, TODAY)
    assert not people_in({}, TODAY, TODAY).exists()


@pytest.mark.policy("ELIG-1")
def test_somebody_who_may_not_is_told_what_would_change_it(db: None) -> None:
    activity("cv-essentials")
    Activity.objects.create(slug="cv-score", name="the CV score", kind=ActivityKind.SCORE)
    rule = {
        "all": [
            {"course": {"level": ["undergraduate"], "status": ["current"]}},
            {
                "any": [
                    {"activity": "cv-essentials", "name": "CV Essentials", "completed": True},
                    {"activity": "cv-score", "name": "the CV score", "score_at_least": 70},
                ]
            },
        ]
    }
    student = StudentFactory()
    decision = may_use(rule, student_context(student.pk).facts, TODAY)
    assert decision.remedy == "Complete CV Essentials, or reach 70 in the CV score."


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ([], "A rule is an object"),
        ({"any": []}, "needs a list of at least one condition"),
        ({"course": {}}, "needs at least one criterion"),
        ({"course": {"level": ["doctor"]}}, "“doctor” is not a level"),
        ({"course": {"level": []}}, "an empty list would match nobody"),
        ({"course": {"height": [3]}}, "A course has no height"),
        ({"activity": "cv"}, "is asked for one of"),
        ({"activity": "cv", "score_at_least": "7"}, "is a whole number"),
        ({"weather": True}, "is not something a rule can ask"),
        ({"everybody": True, "declares_disability": True}, "Say one thing at a time"),
    ],
)
def test_what_is_no_rule_is_refused_with_a_sentence(rule: Any, sentence: str) -> None:
    with pytest.raises(RuleProblem, match=sentence):
        parse(rule)
