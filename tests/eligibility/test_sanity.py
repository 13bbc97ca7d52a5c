"""Rules that nobody can meet and names that do not exist are refused at their field."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from syrupy.assertion import SnapshotAssertion

from eligibility.forms import AudienceForm
from eligibility.models import ActivityKind, Group
from eligibility.models.conditions import parse
from eligibility.operations.schedule_rule import schedule_rule
from eligibility.rules.sanity import flaws
from foundation.outcomes.refusals import Refused
from tests.factories import AudienceFactory, ProgrammeFactory, UserFactory, activity

pytestmark = pytest.mark.policy("ELIG-1")

UNDERGRADUATE = {"course": {"level": ["undergraduate"]}}


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ({"all": [UNDERGRADUATE, {"none": [UNDERGRADUATE]}]}, "all"),
        ({"none": [{"everybody": True}]}, "none"),
        (
            {"all": [{"course": {"level": ["undergraduate"], "status": ["current"]}}, {"none": [UNDERGRADUATE]}]},
            "all",
        ),
        (
            {"all": [{"activity": "s", "score_at_least": 70}, {"none": [{"activity": "s", "score_at_least": 50}]}]},
            "all",
        ),
        (
            {
                "all": [
                    {"activity": "c", "completed": True, "within_days": 10},
                    {"none": [{"activity": "c", "completed": True, "within_days": 30}]},
                ]
            },
            "all",
        ),
        ({"all": [{"group": "g"}, {"none": [{"group": "g"}]}]}, "all"),
        ({"any": [{"everybody": True}, {}]}, "any[1]"),
        ({"course": {"year_at_least": 3, "year_at_most": 2}}, "course"),
        ({"course": {"year_of_study": [1], "year_at_least": 2}}, "course"),
        ({"any": [{"activity": "s", "score_at_least": 101}]}, "any[0].activity"),
        ({"course": {"completed_within_years": 2, "completed_more_than_years": 2}}, "course"),
        ({"course": {"status": ["current"], "completed_within_years": 2}}, "course"),
        ({"course": {"status": ["completed"], "ends_within_months": 3}}, "course"),
        ({"course": {"completed_within_years": 2, "ends_within_months": 3}}, "course"),
    ],
)
def test_what_nobody_can_meet(rule: dict[str, Any], path: str, snapshot: SnapshotAssertion) -> None:
    (flaw,) = flaws(parse(rule))
    assert flaw.path == path
    assert flaw.sentence == snapshot


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"everybody": True},
        {"all": [UNDERGRADUATE, {"course": {"level": ["postgraduate_taught"]}}]},
        {"all": [{"activity": "s", "score_at_least": 50}, {"none": [{"activity": "s", "score_at_least": 70}]}]},
        {"all": [UNDERGRADUATE, {"none": [{"course": {"level": ["undergraduate"], "status": ["current"]}}]}]},
        {"course": {"completed_within_years": 3, "completed_more_than_years": 2}},
        {"course": {"status": ["current", "completed"], "completed_within_years": 2}},
    ],
)
def test_a_rule_that_somebody_can_meet_has_no_flaw(rule: dict[str, Any]) -> None:
    """Two levels mean two courses of one person. A rule that matches nobody is allowed if that is the whole rule."""
    assert flaws(parse(rule)) == []


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"course": {"programme": ["alchemy"]}}, "rule_names_unknown"),
        ({"course": {"school": ["School of Magic"]}}, "rule_names_unknown"),
        ({"course": {"faculty": ["Magic"]}}, "rule_names_unknown"),
        ({"activity": "spells", "completed": True}, "rule_names_unknown"),
        ({"activity": "score", "completed": True}, "rule_names_unknown"),
        ({"group": "wizards"}, "rule_names_unknown"),
        ({"none": [{"everybody": True}]}, "rule_impossible"),
        ({"magic": True}, "rule_wrong"),
    ],
)
def test_refused_at_the_field(db: None, rule: dict[str, Any], code: str, snapshot: SnapshotAssertion) -> None:
    activity("score", ActivityKind.SCORE)
    audience, by = AudienceFactory(), UserFactory()
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused) as refused:
        schedule_rule(audience=audience, rule=rule, effective_from=tomorrow, by=by)
    assert (refused.value.code, refused.value.field) == (code, "rule")
    assert refused.value.message == snapshot
    assert not audience.versions.exists()
    form = AudienceForm({"name": "x", "slug": "x", "rule": rule})
    assert form.errors["rule"] == [refused.value.message]


def test_existing_names_are_accepted(db: None) -> None:
    programme = ProgrammeFactory(code="history")
    activity("score", ActivityKind.SCORE)
    Group.objects.create(slug="aspire", name="the Aspire programme")
    course = {
        "programme": ["history"],
        "school": [programme.school.name],
        "faculty": [programme.school.faculty],
        "year_at_least": 2,
    }
    rule = {"any": [{"course": course}, {"activity": "score", "score_at_least": 70}, {"group": "aspire"}]}
    tomorrow = timezone.localdate() + timedelta(days=1)
    version = schedule_rule(audience=AudienceFactory(), rule=rule, effective_from=tomorrow, by=UserFactory())
    assert version.rule == rule
