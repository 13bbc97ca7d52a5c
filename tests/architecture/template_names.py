"""Finds the template names in the portal's code and templates."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.template.utils import get_app_template_dirs
from django.views import defaults

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "templates"

ARGUMENT = {"render": 1, "render_to_string": 0, "get_template": 0, "select_template": 0, "page": 0}
"""The position of the template's name in these calls. `page` is called by our views that have several templates."""

FULL_NAME = re.compile(r"[\w-]+(/[\w-]+)+\.(html|txt|css)")
ALLAUTH_PAGES = {"429.html"}
"""What allauth renders if the project has it (`allauth.core.internal.ratelimit`); it has no such template itself."""

ENDINGS = ("", ".html", ".txt", "_subject.txt", "_message.txt")
"""`compose_email` and `letter` take the name of a pair of templates without its ending."""

COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.S)
NAMED_IN_TEMPLATE = re.compile(r"\"([\w/-]+\.(?:html|txt))\"|'([\w/-]+\.(?:html|txt))'")


def names_in_full(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and name: any string that looks like a template name, and any argument given as one to a known call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and FULL_NAME.fullmatch(node.value):
            yield node.lineno, node.value
        elif (given := _template_given(node)) is not None and isinstance(given, ast.Constant):
            yield given.lineno, str(given.value)


def names_put_together(tree: ast.AST) -> Iterator[int]:
    """Lines that build a template's name from parts, which no search and no test can find."""
    for node in ast.walk(tree):
        if isinstance(given := _template_given(node), ast.JoinedStr | ast.BinOp | ast.Call):
            yield given.lineno


def _template_given(node: ast.AST) -> ast.expr | None:
    """The template argument of a call, or the value of the class attribute `template_name`."""
    if isinstance(node, ast.Assign) and any(
        isinstance(to, ast.Name) and to.id == "template_name" for to in node.targets
    ):
        return None if isinstance(node.value, ast.Constant) and not node.value.value else node.value
    if not isinstance(node, ast.Call):
        return None
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    place = ARGUMENT.get(called)
    if place is None or (called == "page" and not _first_is_text(node)):
        return None
    named = [keyword.value for keyword in node.keywords if keyword.arg == "template_name"]
    return named[0] if named else node.args[place] if len(node.args) > place else None


def _first_is_text(call: ast.Call) -> bool:
    first = call.args[0] if call.args else None
    return isinstance(first, ast.JoinedStr) or (isinstance(first, ast.Constant) and isinstance(first.value, str))


def texts_of(tree: ast.AST) -> tuple[set[str], list[re.Pattern[str]]]:
    """All strings of a module, and its f-strings with a slash as patterns in which each placeholder is a group."""
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    patterns = [
        re.compile(
            "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"([\w-]*)" for part in node.values
            )
        )
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) and "/" in ast.unparse(node)
    ]
    return texts, patterns


def named_by_code(modules: list[Path], templates: set[str]) -> set[str]:
    """Counts a name built from parts if its placeholders can be filled by strings of the same app."""
    apps: dict[str, tuple[set[str], list[re.Pattern[str]]]] = {}
    for path in modules:
        texts, patterns = texts_of(ast.parse(path.read_text()))
        of_app = apps.setdefault(path.relative_to(ROOT).parts[0], (set(), []))
        of_app[0].update(texts)
        of_app[1].extend(patterns)
    return {name for name in templates if any(_is_named(name, *of_app) for of_app in apps.values())}


def _is_named(name: str, texts: set[str], patterns: list[re.Pattern[str]]) -> bool:
    stems = [name.removesuffix(ending) for ending in ENDINGS if name.endswith(ending)]
    found = (pattern.fullmatch(stem) for pattern in patterns for stem in stems)
    return not texts.isdisjoint(stems) or any(match and set(match.groups()) <= texts for match in found)


def named_by_template(text: str) -> set[str]:
    """Templates that it includes or extends, or passes to another template to include."""
    return {first or second for first, second in NAMED_IN_TEMPLATE.findall(COMMENT.sub("", text))}


def named_by_packages(templates: set[str]) -> set[str]:
    """Our replacements of other packages' templates, and Django's error pages."""
    pages = {value for name, value in vars(defaults).items() if name.endswith("_TEMPLATE_NAME")}
    dirs = [
        place
        for place in get_app_template_dirs("templates")
        if ROOT / ".venv" in place.parents or ROOT not in place.parents
    ]
    return {
        name for name in templates if name in pages | ALLAUTH_PAGES or any((place / name).is_file() for place in dirs)
    }


def reached_from(roots: set[str], templates: dict[str, str]) -> set[str]:
    reached: set[str] = set()
    while roots:
        reached |= roots
        roots = set().union(*(named_by_template(templates[name]) for name in roots if name in templates)) - reached
    return reached
