"""Every template that is named exists, and every template that exists is named."""

import ast
import re
from textwrap import dedent

import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from tests.architecture.template_names import (
    OURS,
    named_by_code,
    named_by_packages,
    named_by_template,
    names_in_full,
    names_put_together,
    reached_from,
)
from tests.architecture.test_house import ROOT, tracked
from tools.places import PACKAGES

MODULES = [path for app in PACKAGES for path in tracked(f"{app}/*.py") if "migrations" not in path.parts]
COMPOSES_MAIL = ("notices", "wording.py")
"""These find the two templates of a message by the name of the pair."""


def is_there(name: str) -> bool:
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True


def own_templates() -> dict[str, str]:
    return {str(path.relative_to(OURS)): path.read_text() for path in OURS.rglob("*") if path.is_file()}


def test_every_template_that_the_code_names_is_there() -> None:
    named = [(path, line, name) for path in MODULES for line, name in names_in_full(ast.parse(path.read_text()))]
    assert len(named) > 100
    assert [f"{path.relative_to(ROOT)}:{line} {name}" for path, line, name in named if not is_there(name)] == []


def test_every_template_that_a_template_names_is_there() -> None:
    named = [(own, name) for own, text in own_templates().items() for name in named_by_template(text)]
    assert len(named) > 100
    assert [f"{own}: {name}" for own, name in named if not is_there(name)] == []


def test_no_view_builds_its_templates_name_from_parts() -> None:
    built = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in MODULES
        if not set(COMPOSES_MAIL) & set(path.parts)
        for line in names_put_together(ast.parse(path.read_text()))
    ]
    assert built == []


@pytest.mark.parametrize(
    "source",
    [
        "class Page(View):\n    template_name = 'gone.html'",
        "class Page(View):\n    def get_template_names(self):\n        return ['apps/gone.html']",
        "class Page(View):\n    def get(self, request):\n        return render(request, 'gone.html', {})",
        "class Page(View):\n    def get(self, request):\n        return render(request, template_name='gone.html')",
        "class Page(View):\n    def get(self, request):\n        return self.page('gone.html', status=200)",
        "class Page(View):\n    def get(self, request):\n        return render(request, 'apps/gone.html' if a else b)",
        "def words():\n    return render_to_string('gone.html', {})",
    ],
)
def test_a_template_is_found_however_it_is_named(source: str) -> None:
    found = {name for _, name in names_in_full(ast.parse(source))}
    assert len(found) == 1
    assert not is_there(found.pop())


def test_a_name_built_from_parts_is_found() -> None:
    source = """
        class Page(View):
            template_name = "apps/" + NAME
            def get(self, request):
                return render(request, f"apps/{self.kind}.html", {})
    """
    assert list(names_put_together(ast.parse(dedent(source)))) == [3, 5]


def test_every_template_is_used() -> None:
    """By a view, a message, another used template, or a package whose template it replaces."""
    templates = own_templates()
    names = set(templates)
    roots = named_by_code(MODULES, names) | named_by_packages(names)
    assert sorted(names - reached_from(roots, templates)) == []


def test_a_template_that_only_an_unused_one_includes_is_unused() -> None:
    templates = {
        "page.html": '{# "no.html" #}{% include "part.html" with body="body.html" %}',
        "other.html": '{% include "no.html" %}',
    }
    assert reached_from({"page.html"}, templates) == {"page.html", "part.html", "body.html"}


BLOCK = re.compile(r"{%\s*block\s+(\w+)")
PARENT = re.compile(r"""{%\s*extends\s+["']([^"']+)["']""")


def blocks_above(text: str) -> set[str]:
    """Blocks of all templates that this one extends, directly or not."""
    found = PARENT.search(text)
    if found is None:
        return set()
    above = get_template(found[1]).template.source
    return set(BLOCK.findall(above)) | blocks_above(above)


def test_every_block_fills_one_of_a_template_above() -> None:
    """The content of any other block is never shown. A block may also be opened inside one that fills a parent's."""
    lost = []
    for own, text in own_templates().items():
        if PARENT.search(text) and own.endswith(".html"):
            opened = [name for name, depth in depths(text) if depth == 0]
            lost += [f"{own}: {name}" for name in opened if name not in blocks_above(text)]
    assert lost == []


def depths(text: str) -> list[tuple[str, int]]:
    """Each block's name, and how many other blocks it is inside."""
    found, depth = [], 0
    for tag in re.finditer(r"{%\s*(block\s+(\w+)|endblock)", text):
        if tag[2]:
            found.append((tag[2], depth))
        depth += 1 if tag[2] else -1
    return found
