"""An argument of a component that does not exist, is missing, or has an unknown value is an error."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from django.template import Engine, Template, TemplateSyntaxError
from django.template.base import Node
from django.template.library import TagHelperNode
from django.template.loader import get_template

from appointments.views import components as of_appointments
from foundation.web import components
from tests.architecture.template_names import OURS

LONGEST_LINE = 200
LIBRARIES = (components.register, of_appointments.register)
TAGS = {name for library in LIBRARIES for name in library.tags}
PAGES = [path for path in OURS.rglob("*.html") if path.is_file()]


def component_nodes(template: Template) -> Iterator[TagHelperNode]:
    for node in template.nodelist.get_nodes_by_type(TagHelperNode):
        if inspect.unwrap(node.func).__module__ in (components.__name__, of_appointments.__name__):
            yield node


def wrong_values(node: TagHelperNode) -> list[str]:
    """Literal arguments in the template whose value is not in their type."""
    function = inspect.unwrap(node.func)
    known = {name: get_args(hint) for name, hint in get_type_hints(function).items() if get_origin(hint) is Literal}
    given: dict[str, Any] = {name: each.var for name, each in node.kwargs.items() if not each.is_var}
    return [
        f"{function.__name__} {name}={value}"
        for name, value in given.items()
        if name in known and value not in known[name]
    ]


@pytest.fixture(scope="module")
def nodes() -> list[tuple[str, TagHelperNode]]:
    compiled = [(str(path.relative_to(OURS)), get_template(str(path.relative_to(OURS))).template) for path in PAGES]
    return [(name, node) for name, template in compiled for node in component_nodes(template)]


@pytest.mark.parametrize(
    "wrong", ["{% badge %}", '{% badge text="Late" colour="red" %}', '{% badge "a" "b" "c" "d" %}']
)
def test_a_missing_or_unknown_argument_does_not_compile(wrong: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        Engine.get_default().from_string(wrong)


def test_every_value_written_out_is_one_that_the_component_knows(nodes: list[tuple[str, TagHelperNode]]) -> None:
    assert len(nodes) > 900
    assert [f"{name}: {wrong}" for name, node in nodes for wrong in wrong_values(node)] == []


def test_a_value_that_no_component_knows_is_found() -> None:
    template = Engine.get_default().from_string('{% badge text="Late" tone="eror" %}')
    assert [wrong for node in component_nodes(template) for wrong in wrong_values(node)] == ["badge tone=eror"]


def test_every_component_and_each_of_its_arguments_is_used(nodes: list[tuple[str, TagHelperNode]]) -> None:
    used: dict[Any, set[str]] = {}
    for _, node in nodes:
        function = inspect.unwrap(node.func)
        names = list(inspect.signature(function).parameters)
        used.setdefault(function, set()).update([*names[: len(node.args)], *node.kwargs])
    functions = {inspect.unwrap(each) for library in (components, of_appointments) for each in tags_of(library)}
    assert {
        f"{function.__name__} {name}"
        for function in functions
        for name in inspect.signature(function).parameters
        if name not in used.get(function, set())
    } == set()


def tags_of(module: Any) -> Iterator[Any]:
    return (each for name, each in vars(module).items() if name in module.register.tags)


def test_components_are_used_by_their_tags_only() -> None:
    """An `{% include %}` would not check its arguments."""
    parts = {"field_label", "field_words"}
    found = {
        f"{path.relative_to(OURS)}: {name}"
        for path in PAGES
        for name in re.findall(r"""{%\s*include\s+["']components/(\w+)\.html""", path.read_text())
        if name not in parts
    }
    assert found == set()


def test_no_line_of_a_template_is_too_long() -> None:
    assert [
        f"{path.relative_to(OURS)}:{number}"
        for path in PAGES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > LONGEST_LINE
    ] == []


def test_nodes_are_found_wherever_they_are() -> None:
    template = Engine.get_default().from_string('{% if x %}{% for y in z %}{% icon name="x" %}{% endfor %}{% endif %}')
    found: list[Node] = list(component_nodes(template))
    assert len(found) == 1


def test_every_icon_that_a_template_names_exists() -> None:
    """A name that the sprite has not got leaves an empty place, and nothing fails."""
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (OURS.parent / "static/src/icons.svg").read_text()))
    assert len(sprite) > 50
    named = {
        (name, str(path.relative_to(OURS)))
        for path in PAGES
        for name in re.findall(r'(?:\bicon="|{% icon name=")([\w-]+)"', path.read_text())
    }
    assert len(named) > 50
    assert sorted(each for each in named if each[0] not in sprite) == []
