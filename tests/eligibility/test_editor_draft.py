"""A rule as fields of a form and back, with errors shown at their fields."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict
from syrupy.assertion import SnapshotAssertion

from eligibility.models import Activity, ActivityKind
from eligibility.models.conditions import parse
from rulebook.editor.choices import choices
from rulebook.editor.differences import differences
from rulebook.editor.draft import act, from_form, from_rule, problems, to_rule
from tests.factories import ProgrammeFactory, SchoolFactory

pytestmark = [pytest.mark.django_db, pytest.mark.policy("ELIG-1")]

TAUGHT = {"course": {"level": ["undergraduate", "postgraduate_taught"], "status": ["current"]}}
RECENT = {"course": {"status": ["completed"], "completed_within_years": 2}}
ESSENTIALS = {"activity": "cv-essentials", "name": "CV Essentials", "completed": True}
SCORE = {"activity": "cv-score", "name": "the CV score", "score_at_least": 70}
READY = {"all": [{"any": [TAUGHT, RECENT]}, {"any": [ESSENTIALS, SCORE]}]}


@pytest.fixture(autouse=True)
def activities() -> None:
    Activity.objects.create(slug="cv-essentials", name="CV Essentials", kind=ActivityKind.COMPLETION)
    Activity.objects.create(slug="cv-score", name="CV score", kind=ActivityKind.SCORE)
    Activity.objects.create(slug="sessions", name="Employer sessions", kind=ActivityKind.ATTENDANCE)


def form(**fields: Any) -> QueryDict:
    """`r_0_level` stands for `r.0.level`; criteria keep their underscores."""
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def posted(rule: dict[str, Any]) -> QueryDict:
    """What the builder's page would send for a rule."""
    data = QueryDict(mutable=True)
    for node in from_rule(rule).everyone():
        data[f"{node.path}.kind"] = node.kind
        for name, values in node.values.items():
            data.setlist(f"{node.path}.{name}", values)
    return data


@pytest.mark.parametrize(
    "rule",
    [
        TAUGHT,
        {"any": [TAUGHT, RECENT]},
        READY,
        {"all": [TAUGHT, {"none": [{"declares_disability": True}]}]},
        {"everybody": True},
        {"activity": "sessions", "name": "Employer sessions", "attended_at_least": 2},
        {"course": {"placement_year": False, "year_of_study": [2, 3], "fee_status": ["overseas"]}},
    ],
)
def test_a_rule_becomes_a_form_and_back(rule: dict[str, Any]) -> None:
    tree = from_form(posted(rule))
    assert to_rule(tree, choices()) == rule
    assert problems(tree) == []
    parse(rule)


def test_programmes_schools_and_faculties_are_those_that_exist() -> None:
    programme = ProgrammeFactory()
    rule = {
        "course": {"programme": [programme.code], "school": [programme.school.name], "faculty": ["Faculty of Arts"]}
    }
    tree = from_form(posted(rule))
    assert to_rule(tree, choices()) == rule
    for name, value in (("programme", "Q100"), ("school", "School of Magic"), ("level", "primary"), ("status", "gone")):
        tree = from_form(posted({"course": {name: [value]}}))
        to_rule(tree, choices())
        (problem,) = problems(tree)
        assert problem["href"] == f"#r.0.{name}"
        assert f"“{value}”" in problem["message"]
        assert "not exist" in problem["message"]
        assert "Take it out" in problem["message"]


def test_programmes_are_found_by_every_word_and_by_the_school() -> None:
    law = ProgrammeFactory(name="LLB Law with Spanish", code="M1R4", school=SchoolFactory(name="School of Law"))
    ProgrammeFactory(name="BA Spanish")
    known = choices()
    for words in ("law spanish", "m1r4", "school of law"):
        assert [code for code, _ in known.programmes(words, [])[0]] == [law.code]
    assert known.programmes("spanish", [law.code])[0][0][1].startswith("BA Spanish")
    assert known.programmes("", []) == ([], False)
    for _ in range(25):
        ProgrammeFactory()
    found, more = choices().programmes("subject", [])
    assert (len(found), more) == (20, True)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"r.kind": "all"}, "#r.new"),
        ({"r.kind": "all", "r.0.kind": "course"}, "#r.0.level"),
        ({"r.kind": "all", "r.0.kind": "activity"}, "#r.0.activity"),
        ({"r.kind": "all", "r.0.kind": "activity", "r.0.activity": "cv-score"}, "#r.0.number"),
        (
            {"r.kind": "all", "r.0.kind": "activity", "r.0.activity": "cv-score", "r.0.number": "101"},
            "#r.0.number",
        ),
        (
            {"r.kind": "all", "r.0.kind": "course", "r.0.completed_within_years": "two"},
            "#r.0.completed_within_years",
        ),
        ({"r.kind": "any", "r.0.kind": "none"}, "#r.0.new"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(fields: dict[str, str], where: str, snapshot: SnapshotAssertion) -> None:
    tree = from_form(form(**fields))
    to_rule(tree, choices())
    assert [item["message"] for item in problems(tree) if item["href"] == where] == snapshot


def test_conditions_are_added_nested_and_removed() -> None:
    tree = act(from_form(form(**{"r.kind": "all"})), "add:r", form(**{"r.new": "any"}))
    assert (tree.parts[0].kind, tree.parts[0].path, tree.parts[0].is_new) == ("any", "r.0", True)
    tree = act(tree, "add:r.0", form(**{"r.0.new": "activity"}))
    tree = act(tree, "add:r.0", form(**{"r.0.new": "course"}))
    assert [part.path for part in tree.parts[0].parts] == ["r.0.0", "r.0.1"]
    tree = act(tree, "remove:r.0.0", form())
    assert [(part.path, part.kind) for part in tree.parts[0].parts] == [("r.0.0", "course")]
    assert act(tree, "add:r.9", form()) == tree


def test_wrapping_makes_the_rule_one_part_of_another() -> None:
    tree = act(from_rule({"any": [TAUGHT, RECENT]}), "wrap", form())
    tree = act(tree, "add:r", form(**{"r.new": "activity"}))
    tree.parts[1].values = {"activity": ["cv-essentials"]}
    assert to_rule(tree, choices()) == {"all": [{"any": [TAUGHT, RECENT]}, ESSENTIALS]}
    for _ in range(9):
        tree = act(act(tree, "wrap", form()), "add:r", form(**{"r.new": "course"}))
    assert max(node.depth for node in tree.everyone()) <= 4


def test_a_forged_form_cannot_nest_without_limit() -> None:
    fields = {"r" + ".0" * depth + ".kind": "all" for depth in range(60)}
    assert max(node.depth for node in from_form(form(**fields)).everyone()) <= 4
    assert from_form(form(**{"r.kind": "all", "r.0.kind": "rm -rf"})).parts[0].kind == "course"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (TAUGHT, TAUGHT),
        ({}, {"everybody": True}),
        (TAUGHT, {}),
        (
            {"any": [TAUGHT, RECENT]},
            READY,
        ),
        ({"any": [TAUGHT, RECENT]}, TAUGHT),
        (
            TAUGHT,
            {"course": {**TAUGHT["course"], "status": ["current", "interrupted"]}},
        ),
        (
            {"any": [TAUGHT, RECENT]},
            {"any": [TAUGHT, {"course": {**RECENT["course"], "completed_within_years": 3}}]},
        ),
    ],
)
def test_differences_in_sentences(before: dict[str, Any], after: dict[str, Any], snapshot: SnapshotAssertion) -> None:
    assert differences(before, after) == snapshot
