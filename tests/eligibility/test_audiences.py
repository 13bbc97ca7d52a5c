"""The decision for one person and the query for everybody agree."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from accounts.models import AccessNeeds, FeeStatus, Level, Mode, Status, User
from eligibility.models import Activity, ActivityKind, ActivityResult, Group, GroupMember
from eligibility.models.conditions import RuleProblem, parse
from eligibility.rules.audiences import could_be_met, may_use
from eligibility.rules.sanity import can_be_met
from eligibility.rules.words import words
from eligibility.selectors.audiences import people_in
from eligibility.selectors.student_facts import student_context
from tests.factories import EnrolmentFactory, ProgrammeFactory, StudentFactory, activity

TODAY = date.today()  # noqa: DTZ011 - activities are evaluated on the day when the test runs


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
        "year_of_study": st.lists(st.integers(1, 4), min_size=1, max_size=2, unique=True),
        "placement_year": st.booleans(),
        "year_at_least": st.integers(0, 5),
        "year_at_most": st.integers(0, 5),
        "completed_within_years": st.integers(0, 3),
        "completed_more_than_years": st.integers(0, 3),
        "ends_within_months": st.integers(0, 13),
    },
).filter(bool)
leaves = st.one_of(
    courses.map(lambda criteria: {"course": criteria}),
    st.just({"everybody": True}),
    st.just({"declares_disability": True}),
    st.just({"activity": "cv", "completed": True}),
    st.integers(0, 6).map(lambda n: {"activity": "cv", "completed": True, "within_days": n}),
    st.integers(0, 100).map(lambda n: {"activity": "score", "score_at_least": n}),
    st.integers(0, 6).map(lambda n: {"activity": "score", "score_at_least": 50, "within_days": n}),
    st.sampled_from(["aspire", "mentors"]).map(lambda slug: {"group": slug}),
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
        "year": st.integers(1, 5),
        "completed": st.sampled_from([None, 0, 364, 365, 366, 730, 731, 1095, 1096, 2000]),
        "ends": st.sampled_from([None, -1, 0, 1, 28, 30, 31, 32, 365, 366, 400]),
    }
)
people = st.fixed_dictionaries(
    {
        "disabled": st.booleans(),
        "courses": st.lists(enrolments, max_size=2),
        "cv": st.sampled_from([None, -3, 0, 3]),
        "score": st.none() | st.integers(0, 100),
        "score_day": st.sampled_from([None, 0, 3]),
        "groups": st.sets(st.sampled_from(["aspire", "mentors"])),
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
        "aspire": Group.objects.create(slug="aspire", name="the Aspire programme"),
        "mentors": Group.objects.create(slug="mentors", name="Mentors"),
    }


def enter(person: dict[str, Any], known: dict[str, Any]) -> User:
    student = StudentFactory(course=False)
    if person["disabled"]:
        AccessNeeds.objects.create(person=student, declares_disability=True)
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
            year_of_study=course["year"],
            started_on=date(2010 - number, 9, 1),
            expected_end_on=None if course["ends"] is None else TODAY + timedelta(days=course["ends"]),
            completed_on=None if days is None else TODAY - timedelta(days=days),
        )
    results = {
        "cv": {"completed_on": _days_ago(person["cv"])},
        "score": {"score": person["score"], "completed_on": _days_ago(person["score_day"])},
        "sessions": {"count": person["sessions"] or 0},
    }
    ActivityResult.objects.bulk_create(
        [ActivityResult(student=student, activity=known[slug], **fields) for slug, fields in results.items()]
    )
    GroupMember.objects.bulk_create([GroupMember(student=student, group=known[slug]) for slug in person["groups"]])
    return student


def _days_ago(days: int | None) -> date | None:
    return None if days is None else TODAY - timedelta(days=days)


@pytest.mark.policy("ELIG-1")
@settings(max_examples=80)
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
    assert not decision or can_be_met(parse(rule))


DAYS = [TODAY + timedelta(days=days) for days in (0, 1, 2, 5, 7, 28, 31, 32, 364, 365, 366, 367, 731, 1100, 1500)]
"""Between and beyond the ends, completions and windows of the people and rules above."""


@pytest.mark.policy("ELIG-1")
@settings(max_examples=80)
@given(rule=rules, person=people)
def test_what_could_not_be_met_is_refused_on_every_day(
    known: dict[str, Any], rule: dict[str, Any], person: dict[str, Any]
) -> None:
    with transaction.atomic():
        facts = student_context(enter(person, known).pk).facts
        transaction.set_rollback(True)
    if any(may_use(rule, facts, day) for day in DAYS):
        assert could_be_met(parse(rule), facts)


@pytest.mark.policy("ELIG-1")
@pytest.mark.parametrize(
    ("rule", "could"),
    [
        ({"course": {"level": ["undergraduate"]}}, True),
        ({"course": {"level": ["postgraduate_research"]}}, False),
        ({"course": {"level": ["postgraduate_research"], "ends_within_months": 1}}, False),
        ({"course": {"level": ["undergraduate"], "ends_within_months": 1}}, True),
        ({"none": [{"course": {"level": ["undergraduate"]}}]}, False),
        ({"none": [{"course": {"level": ["undergraduate"], "ends_within_months": 1}}]}, True),
        ({"none": [{"activity": "cv", "completed": True}]}, False),
        ({"none": [{"activity": "cv", "completed": True, "within_days": 9}]}, True),
        ({"activity": "cv", "completed": True, "within_days": 0}, True),
        ({"activity": "score", "score_at_least": 1, "within_days": 9}, False),
        ({"all": [{"everybody": True}, {"group": "aspire"}]}, False),
        ({"any": [{"everybody": True}, {"group": "aspire"}]}, True),
        ({"any": [{"declares_disability": True}, {"none": [{"everybody": True}]}]}, False),
        ({}, False),
    ],
)
def test_could_be_met_looks_past_the_day_and_at_nothing_else(
    known: dict[str, Any], rule: dict[str, Any], could: bool
) -> None:
    student = StudentFactory()
    ActivityResult.objects.create(student=student, activity=known["cv"], completed_on=_days_ago(3))
    assert could_be_met(parse(rule), student_context(student.pk).facts) is could


@pytest.mark.policy("ELIG-1")
def test_an_empty_rule_matches_nobody(db: None) -> None:
    student = StudentFactory()
    assert not may_use({}, student_context(student.pk).facts, TODAY)
    assert not people_in({}, TODAY, TODAY).exists()


@pytest.mark.policy("ELIG-1")
def test_a_refused_person_is_told_what_would_change_it(db: None) -> None:
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
    "rule",
    [
        [],
        {"any": []},
        {"course": {}},
        {"course": {"level": ["doctor"]}},
        {"course": {"level": []}},
        {"course": {"height": [3]}},
        {"activity": "cv"},
        {"activity": "cv", "score_at_least": "7"},
        {"activity": "cv", "completed": False},
        {"activity": "cv", "attended_at_least": 1, "within_days": 3},
        {"activity": "cv", "completed": True, "within_days": -1},
        {"course": {"year_at_least": "3"}},
        {"course": {"ends_within_months": 1.5}},
        {"group": ["aspire"]},
        {"audience": "undergraduates"},
        {"weather": True},
        {"everybody": True, "declares_disability": True},
    ],
)
def test_what_is_no_rule_is_refused_with_a_sentence(rule: Any, snapshot: SnapshotAssertion) -> None:
    with pytest.raises(RuleProblem) as problem:
        parse(rule)
    assert str(problem.value) == snapshot
