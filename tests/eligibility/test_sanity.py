"""Rules that nobody can meet, and names that stand for nothing, are refused where they stand."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

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
    ("rule", "path", "sentence"),
    [
        ({"all": [UNDERGRADUATE, {"none": [UNDERGRADUATE]}]}, "all", "One part takes away what another asks for"),
        ({"none": [{"everybody": True}]}, "none", "Nobody can meet this"),
        (
            {"all": [{"course": {"level": ["undergraduate"], "status": ["current"]}}, {"none": [UNDERGRADUATE]}]},
            "all",
            "Nobody can meet this",
        ),
        (
            {"all": [{"activity": "s", "score_at_least": 70}, {"none": [{"activity": "s", "score_at_least": 50}]}]},
            "all",
            "Nobody can meet this",
        ),
        (
            {
                "all": [
                    {"activity": "c", "completed": True, "within_days": 10},
                    {"none": [{"activity": "c", "completed": True, "within_days": 30}]},
                ]
            },
            "all",
            "Nobody can meet this",
        ),
        ({"all": [{"group": "g"}, {"none": [{"group": "g"}]}]}, "all", "Nobody can meet this"),
        ({"any": [{"everybody": True}, {}]}, "any[1]", "This part is empty"),
        ({"course": {"year_at_least": 3, "year_at_most": 2}}, "course", "at least 3 and at most 2"),
        ({"course": {"year_of_study": [1], "year_at_least": 2}}, "course", "None of these years"),
        ({"any": [{"activity": "s", "score_at_least": 101}]}, "any[0].activity", "between 0 and 100"),
        ({"course": {"completed_within_years": 2, "completed_more_than_years": 2}}, "course", "within 2 years and"),
        ({"course": {"status": ["current"], "completed_within_years": 2}}, "course", "is asked of graduates"),
        ({"course": {"status": ["completed"], "ends_within_months": 3}}, "course", "Only a course that goes on"),
        ({"course": {"completed_within_years": 2, "ends_within_months": 3}}, "course", "A course that has ended"),
    ],
)
def test_what_nobody_can_meet(rule: dict[str, Any], path: str, sentence: str) -> None:
    (flaw,) = flaws(parse(rule))
    assert flaw.path == path
    assert sentence in flaw.sentence


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
def test_what_somebody_can_meet_stands(rule: dict[str, Any]) -> None:
    """Two levels are two courses of one person; nobody is also an audience, when the whole rule says so."""
    assert flaws(parse(rule)) == []


@pytest.mark.parametrize(
    ("rule", "code", "sentence"),
    [
        ({"course": {"programme": ["alchemy"]}}, "rule_names_unknown", "There is no programme “alchemy”."),
        ({"course": {"school": ["School of Magic"]}}, "rule_names_unknown", "There is no School “School of Magic”."),
        ({"course": {"faculty": ["Magic"]}}, "rule_names_unknown", "There is no faculty “Magic”."),
        ({"activity": "spells", "completed": True}, "rule_names_unknown", "There is no activity “spells”."),
        ({"activity": "score", "completed": True}, "rule_names_unknown", "“score” is a score"),
        ({"group": "wizards"}, "rule_names_unknown", "There is no group “wizards”."),
        ({"none": [{"everybody": True}]}, "rule_impossible", "Nobody can meet this"),
        ({"magic": True}, "rule_wrong", "is not something a rule can ask"),
    ],
)
def test_refused_at_the_field(db: None, rule: dict[str, Any], code: str, sentence: str) -> None:
    activity("score", ActivityKind.SCORE)
    audience, by = AudienceFactory(), UserFactory()
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused) as refused:
        schedule_rule(audience=audience, rule=rule, effective_from=tomorrow, by=by)
    assert (refused.value.code, refused.value.field) == (code, "rule")
    assert sentence in refused.value.message
    assert not audience.versions.exists()
    form = AudienceForm({"name": "x", "slug": "x", "rule": rule})
    assert sentence in str(form.errors["rule"])


def test_names_that_exist_are_taken(db: None) -> None:
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
