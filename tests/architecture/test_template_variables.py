"""No variable that a template is given has a name that Django sets itself.

Django's `{% block %}` sets `block`, so a view's own `block` is never seen inside one.
"""

import ast
import re
from collections.abc import Iterator
from textwrap import dedent

import pytest

from tests.architecture.test_house import ROOT, tracked
from tests.architecture.test_templates import own_templates
from tools.places import PACKAGES

SET_BY_DJANGO = frozenset({"block", "forloop", "csrf_token", "True", "False", "None"})
"""By `{% block %}`, `{% for %}`, the request, and as literals."""

NAMES_A_VARIABLE = {"context_object_name", "form_name"}
GIVEN_BY = {"render", "render_form", "page", "get_context_data", "render_to_string", "inclusion_tag"}

MADE = re.compile(
    r"{%\s*for\s+(?P<loop>[\w\s,]+?)\s+in\s|\s(?:as)\s+(?P<saved>\w+)\s*%}|{%\s*(?:with|include)\s(?P<given>[^%]*)%}"
)
MODULES = [
    path
    for app in PACKAGES
    for path in tracked(f"{app}/*.py")
    if {"views", "admin", "components.py", "notices", "admin.py"} & set(path.parts)
]


def given_by_code(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and name of what views and components give: string keys of dictionaries, and names of arguments to calls
    that render.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key in node.keys:
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.lineno, key.value
        elif isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called in GIVEN_BY:
                yield from ((node.lineno, keyword.arg) for keyword in node.keywords if keyword.arg)
        elif isinstance(node, ast.Assign):
            yield from _named(node)
        elif isinstance(node, ast.FunctionDef) and any(
            "inclusion_tag" in ast.dump(each) for each in node.decorator_list
        ):
            yield from ((node.lineno, argument.arg) for argument in [*node.args.args, *node.args.kwonlyargs])


def _named(node: ast.Assign) -> Iterator[tuple[int, str]]:
    """For example `context_object_name = "booking"`, also beside another assignment."""
    for target in node.targets:
        targets = target.elts if isinstance(target, ast.Tuple) else [target]
        values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value] * len(targets)
        for each, value in zip(targets, values, strict=False):
            if getattr(each, "id", "") in NAMES_A_VARIABLE and isinstance(value, ast.Constant):
                yield node.lineno, str(value.value)


def made_by_template(text: str) -> Iterator[str]:
    for found in MADE.finditer(text):
        if found["loop"]:
            yield from re.findall(r"\w+", found["loop"])
        if found["saved"]:
            yield found["saved"]
        for name, value in re.findall(r"(\w+)=(\S+)", found["given"] or ""):
            if name != value:  # `with csrf_token=csrf_token only` hands Django's own on
                yield name


def test_no_view_gives_a_name_that_django_sets() -> None:
    assert len(MODULES) > 50
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in MODULES
        for line, name in given_by_code(ast.parse(path.read_text()))
        if name in SET_BY_DJANGO
    ]
    assert found == []


def test_no_template_makes_a_name_that_django_sets() -> None:
    made = [(own, name) for own, text in own_templates().items() for name in made_by_template(text)]
    assert len(made) > 100
    assert [f"{own}: {name}" for own, name in made if name in SET_BY_DJANGO] == []


@pytest.mark.parametrize(
    "source",
    [
        "class Page(View):\n    context_object_name = 'block'",
        "class Page(View):\n    form_class, form_name = F, 'block'",
        "def get(self, request):\n    return render(request, 'x.html', {'block': 1})",
        "def get_context_data(self, **kwargs):\n    return super().get_context_data(block=1)",
        "def get(self):\n    return self.render_form(form, 200, block=1)",
        "@register.inclusion_tag('x.html')\ndef tag(block):\n    return locals()",
    ],
)
def test_such_a_name_is_found_in_code(source: str) -> None:
    assert "block" in {name for _, name in given_by_code(ast.parse(dedent(source)))}


@pytest.mark.parametrize(
    "text",
    [
        "{% for block in page %}",
        "{% for a, block in page %}",
        "{% url 'x' as block %}",
        "{% with block=x %}",
        "{% include 'x.html' with block=x only %}",
    ],
)
def test_such_a_name_is_found_in_a_template(text: str) -> None:
    assert "block" in set(made_by_template(text))
