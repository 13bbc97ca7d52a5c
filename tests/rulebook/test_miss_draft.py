"""The form of miss rules on plain values, without a database: it says what a rules file says, and refuses the same."""

from typing import Any

import pytest
from django import forms
from django.utils.datastructures import MultiValueDict

from eligibility.models.misses import MOST_RULES, MOST_STEPS, SHIPPED, parse_miss_rules
from rulebook.file.text import read_path
from rulebook.forms.misses import MissDraft
from tests.eligibility.test_services import NAMES, SERVICES

pytestmark = pytest.mark.policy("ELIG-3")

TYPES = {"guidance": "Guidance", "desk": "Drop-in desk"}
ONE: list[dict[str, Any]] = [{"slug": "one", "per": "ever", "steps": [{"at": 1, "message": True}]}]
FILES = [
    entry["value"] for name in NAMES for entry in read_path(SERVICES / f"{name}.yaml").get("misses", [])
]  # fmt: skip
EVERY_WORD: list[dict[str, Any]] = [
    {
        "slug": "mocks",
        "noun": "mock interview",
        "what": ["missed", "late"],
        "kinds": ["appointment"],
        "types": ["guidance"],
        "per": {"days": 90, "since": "08-01"},
        "wait_hours": 0,
        "steps": [
            {"at": 1, "letter": "Dear student,\nplease come."},
            {"at": 2, "message": "Please come in time.", "horizon_days": 0},
            {"at": 3, "message": True, "review": True, "horizon_days": 7},
            {"at": 4, "hold": {"days": 28, "stays_open": ["desk"], "by_itself": True, "message": "Two missed."}},
            {"at": 5, "hold": {"months": 3}},
            {"at": 6, "hold": {"until": "08-31"}},
        ],
    },
    {"slug": "e", "kinds": ["event"], "per": {"since": "12-31"}, "steps": [{"at": 1, "hold": {"until": "lifted"}}]},
    {"slug": "t", "per": "term", "steps": [{"at": 1, "hold": {"until": "end_of_period"}}]},
    {"slug": "s", "per": "semester", "steps": [{"at": 1, "review": True}]},
    {"slug": "y", "per": "academic_year", "wait_hours": 72, "steps": [{"at": 1, "horizon_days": 365}]},
    {"slug": "d", "per": {"days": 1}, "what": ["cancelled_late"], "steps": [{"at": 100, "message": True}]},
]  # fmt: skip


def as_sent(draft: MissDraft) -> MultiValueDict[str, str]:
    """What a browser sends when nothing is changed."""
    sent: MultiValueDict[str, str] = MultiValueDict()
    sent["rules"] = ",".join(draft.ids)
    for part in draft.parts:
        sent[f"rule-{part.id}-steps"] = ",".join(part.step_ids)
    for form in draft.forms:
        for bound in form:
            value = bound.value()
            if isinstance(bound.field, forms.MultipleChoiceField):
                sent.setlist(bound.html_name, [str(each) for each in value or ()])
            elif value or not isinstance(bound.field, forms.BooleanField):
                sent.setlist(bound.html_name, ["" if value is None else str(value)])
    return sent


def of(value: list[dict[str, Any]], types: dict[str, str] = TYPES) -> MultiValueDict[str, str]:
    return as_sent(MissDraft.of_value(value, types))


@pytest.mark.parametrize("value", [SHIPPED, EVERY_WORD, [], *FILES])
def test_an_unchanged_form_says_what_the_rules_say(value: Any) -> None:
    rules = parse_miss_rules(value)
    types = {slug: slug for rule in rules for slug in rule.types} | {
        slug: slug for rule in rules for step in rule.steps if step.hold for slug in step.hold.stays_open
    }
    draft = MissDraft.of_sent(of(value, types), types)
    assert draft.is_valid(), draft.problems()
    assert draft.rules == rules
    again = MissDraft.of_value(draft.value, types)
    assert as_sent(again) == of(value, types)


WRONG: list[tuple[dict[str, Any], list[tuple[int, str]]]] = [
    # fields of the first rule (“step-0-…”: of its step), then the forms and fields at fault (0: the rule)
    ({"kinds": []}, [(0, "kinds")]),
    ({"kinds": ["fair"]}, [(0, "kinds")]),
    ({"what": []}, [(0, "what")]),
    ({"types": ["closed"]}, [(0, "types")]),
    ({"restart": "fortnight"}, [(0, "restart")]),
    ({"restart": "days"}, [(0, "days")]),
    ({"restart": "days", "days": "0"}, [(0, "days")]),
    ({"restart": "days", "days": "4000"}, [(0, "days")]),
    ({"restart": "days", "days": "a few"}, [(0, "days")]),
    ({"restart": "term", "days": "7"}, [(0, "days")]),
    ({"restart": "since"}, [(0, "since")]),
    ({"restart": "since", "since": "29 February"}, [(0, "since")]),
    ({"restart": "since", "since": "13-45"}, [(0, "since")]),
    ({"restart": "term", "since": "1 August"}, [(0, "since")]),
    ({"wait_hours": "73"}, [(0, "wait_hours")]),
    ({"wait_hours": ""}, [(0, "wait_hours")]),
    ({"noun": "x" * 61}, [(0, "noun")]),
    ({"slug": "not one"}, [(0, "slug")]),
    ({"steps": ""}, [(0, "kinds")]),
    ({"step-0-at": "0"}, [(1, "at")]),
    ({"step-0-at": "9" * 5000}, [(1, "at")]),
    ({"step-0-at": ""}, [(1, "at")]),
    ({"step-0-email": ""}, [(1, "at")]),
    ({"step-0-email": "", "step-0-words": "Hello"}, [(1, "words")]),
    ({"step-0-email": "letter"}, [(1, "words")]),
    ({"step-0-words": "x" * 301}, [(1, "words")]),
    ({"step-0-email": "letter", "step-0-words": "x" * 2001}, [(1, "words")]),
    ({"step-0-horizon_days": "366"}, [(1, "horizon_days")]),
    ({"step-0-hold": "days"}, [(1, "length")]),
    ({"step-0-hold": "days", "step-0-length": "731"}, [(1, "length")]),
    ({"step-0-hold": "months", "step-0-length": "25"}, [(1, "length")]),
    ({"step-0-hold": "lifted", "step-0-length": "7"}, [(1, "length")]),
    ({"step-0-hold": "day"}, [(1, "until")]),
    ({"step-0-hold": "day", "step-0-until": "June"}, [(1, "until")]),
    ({"step-0-hold": "lifted", "step-0-until": "1 June"}, [(1, "until")]),
    ({"step-0-hold": "end_of_period"}, [(1, "hold")]),
    ({"step-0-hold": "for ever"}, [(1, "hold")]),
    ({"step-0-by_itself": "on"}, [(1, "by_itself")]),
    ({"step-0-stays_open": ["desk"]}, [(1, "stays_open")]),
    ({"step-0-hold": "lifted", "step-0-stays_open": ["closed"]}, [(1, "stays_open")]),
    ({"step-0-reads": "Sorry"}, [(1, "reads")]),
]


@pytest.mark.parametrize(("typed", "faults"), WRONG)
def test_what_is_wrong_is_said_at_its_field(typed: dict[str, Any], faults: list[tuple[int, str]]) -> None:
    sent = of(ONE)
    for name, value in typed.items():
        sent.setlist(f"rule-0-{name}", value if isinstance(value, list) else [value])
    draft = MissDraft.of_sent(sent, TYPES)
    assert not draft.is_valid()
    assert not draft.is_valid()  # asking twice does not say it twice
    assert [(place, name) for place, form in enumerate(draft.forms) for name in form.errors] == faults
    assert len(draft.problems()) == len(faults)


def test_steps_come_in_order() -> None:
    sent = of([{**ONE[0], "steps": [{"at": 2, "hold": {"days": 3}}, {"at": 3, "hold": {"days": 3}}]}])
    sent["rule-0-step-1-at"], sent["rule-0-step-1-hold"], sent["rule-0-step-1-length"] = "1", "", ""
    sent["rule-0-step-1-review"] = "on"
    draft = MissDraft.of_sent(sent, TYPES)
    assert not draft.is_valid()
    assert [list(form.errors) for form in draft.forms] == [[], [], ["at"]]
    assert len(draft.forms[2].errors["at"]) == 2


def test_buttons_keep_what_was_typed_also_what_is_wrong() -> None:
    sent = of(EVERY_WORD)
    for name in [name for name in sent if name.endswith(("-at", "-days", "-until", "-since", "-noun", "-wait_hours"))]:
        sent[name] = "what I meant"
    draft = MissDraft.of_sent(sent, TYPES)
    for action in ("", "add", "add-step:", "remove-rule:77", "remove-step:0:77", "remove-step:0", "wrap:r"):
        kept = draft.as_typed()
        kept.act(action)
        assert as_sent(kept) == sent, action
    for action, gone, made in (
        ("add-rule", "none", "rule-6"),
        ("add-step:1", "none", "rule-1-step-1-"),
        ("remove-rule:0", "rule-0", "none"),
        ("remove-step:0:2", "rule-0-step-2-", "none"),
    ):
        kept = draft.as_typed()
        kept.act(action)
        others = {name for name in sent if not name.startswith(gone) and not name.endswith(("steps", "rules"))}
        after = as_sent(kept)
        assert all(after.getlist(name) == sent.getlist(name) for name in others), action
        assert not any(name.startswith(gone) for name in after), action
        assert any(name.startswith(made) for name in after) == (made != "none"), action


def test_what_is_added_has_numbers_of_its_own() -> None:
    draft = MissDraft.of_sent(of(SHIPPED), TYPES).as_typed()
    for action in ("remove-rule:1", "add-rule", "remove-step:0:1", "add-step:0"):
        draft.act(action)
    assert draft.ids == ["0", "2", "3"]
    assert draft.parts[0].step_ids == ["0", "2", "3"]
    assert draft.parts[0].steps[-1]["at"].value() == 4
    assert len({part.form["slug"].value() for part in draft.parts}) == 3
    sent = as_sent(draft)
    sent["rule-0-step-3-hold"] = "lifted"  # a later step may not do less
    again = MissDraft.of_sent(sent, TYPES)
    assert again.is_valid(), again.problems()


def test_there_are_no_more_parts_than_a_rule_may_have() -> None:
    draft = MissDraft.of_sent(of(ONE), TYPES).as_typed()
    for _ in range(MOST_RULES + 3):
        draft.act("add-rule")
        draft.act("add-step:0")
    assert (len(draft.parts), len(draft.parts[0].steps)) == (MOST_RULES, MOST_STEPS)
    sent = as_sent(draft)
    sent["rules"] = f"{sent['rules']},0,-1,1234,x,٣,,{','.join(map(str, range(50)))}"
    assert len(MissDraft.of_sent(sent, TYPES).parts) == MOST_RULES
    assert len(sent) < 1000
    sent["rules"] = "0,-1,1234,x,٣,,0"
    assert MissDraft.of_sent(sent, TYPES).ids == ["0"]
