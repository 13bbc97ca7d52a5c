"""Describes the differences between two rules in sentences."""

from collections.abc import Mapping
from typing import Any

from accounts.models import FeeStatus, Level, Mode, Status
from eligibility.models.conditions import RuleProblem, parse
from eligibility.rules.words import words
from rulebook.editor.criteria import LISTS, NUMBERS

LABELS = {str(value): str(label) for kind in (Level, Status, Mode, FeeStatus) for value, label in kind.choices}
Rule = Mapping[str, Any]


def sentence(rule: object) -> str:
    """The rule as words that follow “for”; if it cannot be parsed, what is wrong with it."""
    try:
        return words(parse(rule))
    except RuleProblem as problem:
        return f"nobody, because the rule cannot be read: {problem}"


def differences(before: Rule, after: Rule) -> list[str]:
    if before == after:
        return ["Nothing is different."]
    if not before:
        return [f"Opened to {sentence(after)}."]
    if not after:
        return ["Closed to everybody."]
    return _between(before, after) or [f"It was for {sentence(before)}.", f"Now it is for {sentence(after)}."]


def _between(before: Rule, after: Rule) -> list[str]:
    """Empty if no sentence about a part is shorter than the whole rule."""
    for how in ("all", "any"):
        if how in before or how in after:
            gone, come = _parts(how, before), _parts(how, after)
            old, new = [part for part in gone if part not in come], [part for part in come if part not in gone]
            if len(old) < len(gone) or len(new) < len(come) or (how in before and how in after):
                return _changed(how, old, new)
    return _changed("all", [before], [after])


def _parts(how: str, rule: Rule) -> list[Any]:
    return list(rule[how]) if how in rule else [rule]


def _changed(how: str, old: list[Rule], new: list[Rule]) -> list[str]:
    if len(old) == len(new) == 1:
        inner = _course(old[0], new[0]) or _nested(old[0], new[0])
        if inner:
            return inner
    gone = "No longer asked" if how == "all" else "No longer open to"
    come = "Now also asked" if how == "all" else "Now also open to"
    return [f"{gone}: {sentence(part)}." for part in old] + [f"{come}: {sentence(part)}." for part in new]


def _nested(before: Rule, after: Rule) -> list[str]:
    how = next(iter(before))
    return _between(before, after) if how in ("all", "any") and how in after else []


def _course(before: Rule, after: Rule) -> list[str]:
    if "course" not in before or "course" not in after:
        return []
    was, now = before["course"], after["course"]
    labels = {**LISTS, "placement_year": "Placement year"}
    labels |= {name: number.label for name, number in NUMBERS["course"].items()}
    return [
        f"{labels.get(name, name)}: {_said(now.get(name))}, before {_said(was.get(name))}."
        for name in [*was, *(name for name in now if name not in was)]
        if was.get(name) != now.get(name)
    ]


def _said(value: Any) -> str:
    if value is None:
        return "not asked"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(LABELS.get(item, str(item)) for item in value) if isinstance(value, list) else str(value)
