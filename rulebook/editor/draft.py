"""A rule being edited: a tree that is sent in form fields, with errors at their fields.

The field `r.1.level` is the level required by the second condition; `r` is the path of the whole rule.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from eligibility.models import ActivityKind
from rulebook.editor.choices import Choices
from rulebook.editor.criteria import LISTS, NUMBERS, Number

DEEPEST, WIDEST = 4, 30
JOINS = {"all": "all of these are true", "any": "at least one of these is true", "none": "none of these is true"}
LEAVES = {
    "course": "A course",
    "activity": "An activity",
    "declares_disability": "Disability or neurodivergence declared",
    "group": "Membership of a group",
    "everybody": "Everybody",
}
ROOT = "r"


@dataclass
class Node:
    path: str
    kind: str
    values: dict[str, list[str]] = field(default_factory=dict)
    parts: list["Node"] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    is_new: bool = False

    @property
    def joins(self) -> bool:
        return self.kind in JOINS

    @property
    def depth(self) -> int:
        return self.path.count(".")

    @property
    def of(self) -> str:
        return self.value("of")

    @property
    def name(self) -> str:
        """How this rule names its activity, such as “the CV score”; kept until another activity is chosen."""
        return self.value("name")

    def value(self, name: str) -> str:
        return next(iter(self.values.get(name, [])), "")

    def everyone(self) -> Iterator["Node"]:
        yield self
        for part in self.parts:
            yield from part.everyone()

    def forget_errors(self) -> None:
        for node in self.everyone():
            node.errors = {}

    def numbered(self, path: str = ROOT) -> "Node":
        """Renumbers the paths of the tree after parts were added or removed."""
        self.path = path
        for place, part in enumerate(self.parts):
            part.numbered(f"{path}.{place}")
        return self


# Reading a form.


def from_form(data: MultiValueDict[str, str], path: str = ROOT) -> Node:
    kind = data.get(f"{path}.kind", "all")
    if kind not in JOINS:
        names = {name.removeprefix(f"{path}."): name for name in data if name.startswith(f"{path}.")}
        values = {short: data.getlist(name) for short, name in names.items() if "." not in short and short != "kind"}
        return Node(path, kind if kind in LEAVES else "course", values)
    how, parts = data.get(f"{path}.how", kind), []
    if path.count(".") < DEEPEST:
        for place in range(WIDEST):
            if f"{path}.{place}.kind" not in data:
                break
            parts.append(from_form(data, f"{path}.{place}"))
    return Node(path, how if how in JOINS else kind, {}, parts)


def act(root: Node, action: str, data: QueryDict) -> Node:
    """Applies an action of the builder: `add:PATH` (the field `PATH.new` says what), `remove:PATH`, or `wrap`, which
    puts the whole rule into a larger one. Any other action changes nothing.
    """
    verb, _, path = action.partition(":")
    if verb == "wrap" and may_be_wrapped(root):
        root = Node(ROOT, "all", {}, [root])
    for node in list(root.everyone()):
        if verb == "add" and node.path == path and node.joins and len(node.parts) < WIDEST:
            node.parts.append(_new(data.get(f"{path}.new", "course"), node.depth))
        if verb == "remove":
            node.parts = [part for part in node.parts if part.path != path]
    return root.numbered()


def may_be_wrapped(root: Node) -> bool:
    return len(root.parts) > 1 and max(node.depth for node in root.everyone()) < DEEPEST


def _new(kind: str, depth: int) -> Node:
    if kind in JOINS and depth < DEEPEST - 1:
        return Node("", kind, {}, [], is_new=True)
    return Node("", kind if kind in LEAVES else "course", is_new=True)


# Converting from and to a rule.


def from_rule(rule: Mapping[str, Any]) -> Node:
    """The root is always a list of conditions, so that more can be added to it."""
    if not rule:
        return Node(ROOT, "all")
    node = _read(rule)
    return (node if node.kind in ("all", "any") else Node(ROOT, "all", {}, [node])).numbered()


def _read(rule: Mapping[str, Any]) -> Node:
    for how in JOINS:
        if how in rule:
            return Node("", how, {}, [_read(part) for part in rule[how]])
    if "course" in rule:
        return Node("", "course", {name: _texts(name, value) for name, value in rule["course"].items()})
    if "activity" in rule:
        number = rule.get("score_at_least", rule.get("attended_at_least", ""))
        slug = str(rule["activity"])
        values = {"activity": [slug], "number": [str(number)], "of": [slug], "name": [str(rule.get("name", ""))]}
        values |= {name: [str(rule[name])] for name in NUMBERS["activity"] if name in rule}
        return Node("", "activity", values)
    if "group" in rule:
        return Node("", "group", {"group": [str(rule["group"])]})
    return Node("", next(iter(rule)))


def _texts(name: str, value: Any) -> list[str]:
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def to_rule(node: Node, choices: Choices) -> dict[str, Any]:
    """The rule of this tree. Errors are left in `errors` of their nodes: check `problems` before using the result."""
    node.errors = {}
    if node.joins:
        parts = [to_rule(part, choices) for part in node.parts]
        if not parts:
            node.errors["new"] = "Add at least one condition here, or remove this part."
        if len(parts) == 1 and node.kind != "none":
            return parts[0]
        return {node.kind: parts}
    if node.kind == "course":
        return _course(node, choices)
    if node.kind == "activity":
        return _activity(node, choices)
    if node.kind == "group":
        if node.value("group") not in choices.groups:
            node.errors["group"] = "Choose a group."
            return {"group": node.value("group")}
        return {"group": node.value("group"), "name": choices.groups[node.value("group")]}
    return {node.kind: True}


def _course(node: Node, choices: Choices) -> dict[str, Any]:
    criteria: dict[str, Any] = {}
    for name in LISTS:
        known = dict(choices.lists[name])
        given = [value for value in node.values.get(name, []) if value]
        if unknown := [value for value in given if value not in known]:
            node.errors[name] = f"“{unknown[0]}” does not exist (any more). Take it out, or choose another."
        if given:
            criteria[name] = [int(value) for value in given] if name == "year_of_study" and not unknown else given
    if node.value("placement_year") in ("yes", "no"):
        criteria["placement_year"] = node.value("placement_year") == "yes"
    criteria |= _numbers(node, NUMBERS["course"])
    if not criteria and not node.errors:
        node.errors["level"] = "Say at least one thing about the course, or remove this condition."
    return {"course": criteria}


def _numbers(node: Node, wanted: Mapping[str, Number]) -> dict[str, int]:
    found = {}
    for name, number in wanted.items():
        text = node.value(name).strip()
        if not text:
            continue
        if text.isascii() and text.isdecimal() and number.least <= int(text) <= number.most:
            found[name] = int(text)
        else:
            node.errors[name] = f"A whole number from {number.least} to {number.most}."
    return found


def _activity(node: Node, choices: Choices) -> dict[str, Any]:
    chosen = choices.activities.get(node.value("activity"))
    if chosen is None:
        node.errors["activity"] = "Choose an activity."
        return {"activity": "", "completed": True}
    said = node.value("name") if node.value("of") == chosen.slug else ""
    rule: dict[str, Any] = {"activity": chosen.slug, "name": said or chosen.name}
    if chosen.kind == ActivityKind.COMPLETION:
        return {**rule, "completed": True, **_numbers(node, NUMBERS["activity"])}
    is_score = chosen.kind == ActivityKind.SCORE
    number = Number("", 1, 100) if is_score else Number("", 1, 1000)
    asked = _numbers(node, {"number": number})
    if "number" not in asked:
        what = "from which score on, from 1 to 100" if is_score else "how many times attended, at least 1"
        node.errors["number"] = f"Say {what}."
    key = "score_at_least" if is_score else "attended_at_least"
    besides = _numbers(node, NUMBERS["activity"]) if is_score else {}
    return {**rule, key: asked.get("number", 1), **besides}


def problems(root: Node) -> list[dict[str, str]]:
    """All errors with links to their fields, for the error summary."""
    return [
        {"message": message, "href": f"#{node.path}.{name}"}
        for node in root.everyone()
        for name, message in node.errors.items()
    ]
