"""Prepares a draft's tree as fields for the builder's templates."""

from dataclasses import dataclass

from eligibility.models import ActivityKind
from rulebook.editor.choices import Choices
from rulebook.editor.criteria import LISTS, NUMBERS, OFTEN
from rulebook.editor.draft import DEEPEST, JOINS, LEAVES, ROOT, Node, may_be_wrapped


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class EditorField:
    """`id` is also the field's name in the form."""

    id: str
    label: str
    error: str = ""
    value: str = ""
    options: tuple[Option, ...] = ()
    asked: bool = False


@dataclass(frozen=True, slots=True)
class SearchField:
    """Searches programmes by words from their name, code or School."""

    words: str
    found: tuple[Option, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class ShownNode:
    node: Node
    title: str
    often: tuple[EditorField, ...] = ()
    seldom: tuple[EditorField, ...] = ()
    programme: EditorField | None = None
    search: SearchField | None = None
    numbers: tuple[EditorField, ...] = ()
    select: EditorField | None = None
    parts: tuple["ShownNode", ...] = ()
    joins: tuple[tuple[str, str], ...] = tuple(JOINS.items())
    kinds: tuple[tuple[str, str], ...] = ()
    may_be_wrapped: bool = False

    @property
    def more_is_asked(self) -> bool:
        fields = [*self.seldom, *self.numbers, *([self.programme] if self.programme else [])]
        return any(field.asked or field.error for field in fields) or bool(self.search and self.search.words)


def shown(node: Node, choices: Choices, number: str = "") -> ShownNode:
    title = f"{number} {LEAVES.get(node.kind, 'Part')}".strip()
    if node.joins:
        parts = tuple(shown(part, choices, f"{number}{place}.") for place, part in enumerate(node.parts, start=1))
        wraps = node.path == ROOT and may_be_wrapped(node)
        return ShownNode(node, title, parts=parts, kinds=_kinds(node, choices), may_be_wrapped=wraps)
    if node.kind == "course":
        return _course(node, choices, title)
    if node.kind == "activity":
        options = [(each.slug, each.label) for each in choices.activities.values()]
        select = _field(node, "activity", "Which activity?", options)
        return ShownNode(node, title, select=select, numbers=_asked(node, choices))
    if node.kind == "group":
        options = list(choices.groups.items())
        return ShownNode(node, title, select=_field(node, "group", "Which group?", options))
    return ShownNode(node, title)


def _kinds(node: Node, choices: Choices) -> tuple[tuple[str, str], ...]:
    kinds = [(kind, label) for kind, label in LEAVES.items() if kind != "group" or choices.groups]
    if node.depth < DEEPEST - 1:
        kinds += [(how, f"A group where {words}") for how, words in JOINS.items()]
    return tuple(kinds)


def _field(node: Node, name: str, label: str, options: list[tuple[str, str]]) -> EditorField:
    chosen = node.values.get(name, [])
    known = {value for value, _ in options}
    lost = [value for value in chosen if value and value not in known]
    offered = [Option(value, text, value in chosen) for value, text in options]
    offered += [Option(value, f"{value} (does not exist any more)", True) for value in lost]
    error = node.errors.get(name, "")
    return EditorField(f"{node.path}.{name}", label, error, node.value(name), tuple(offered), any(chosen))


def _number(node: Node, name: str, label: str) -> EditorField:
    value = node.value(name)
    return EditorField(f"{node.path}.{name}", label, node.errors.get(name, ""), value, asked=bool(value))


def _asked(node: Node, choices: Choices) -> tuple[EditorField, ...]:
    """The fields of an activity. The number depends on the chosen activity's kind."""
    more = [_number(node, name, number.label) for name, number in NUMBERS["activity"].items()]
    chosen = choices.activities.get(node.value("activity"))
    labels = {ActivityKind.SCORE: "Score of at least", ActivityKind.ATTENDANCE: "Times attended, at least"}
    if chosen is None or chosen.kind not in labels:
        return tuple(more)
    number = _number(node, "number", labels[ActivityKind(chosen.kind)])
    return (number,) if chosen.kind == ActivityKind.ATTENDANCE else (number, *more)


def _course(node: Node, choices: Choices, title: str) -> ShownNode:
    labels = {**LISTS, "placement_year": "Placement year"}
    del labels["programme"]
    fields = {name: _field(node, name, label, list(choices.lists[name])) for name, label in labels.items()}
    taken = [value for value in node.values.get("programme", []) if value]
    listed = [(value, label) for value, label in choices.lists["programme"] if value in taken]
    words = node.value("find").strip()
    found, more = choices.programmes(words, taken)
    return ShownNode(
        node,
        title,
        often=tuple(fields[name] for name in OFTEN),
        seldom=tuple(field for name, field in fields.items() if name not in OFTEN),
        programme=_field(node, "programme", "Programmes", listed),
        search=SearchField(words, tuple(Option(value, label, False) for value, label in found), more),
        numbers=tuple(_number(node, name, number.label) for name, number in NUMBERS["course"].items()),
    )
