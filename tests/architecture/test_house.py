"""Architecture rules that import-linter cannot check; it checks the layers."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from tools.places import PACKAGES

ROOT = Path(__file__).resolve().parents[2]
WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
MAY_WRITE = ("operations", "migrations", "management", "demo", "admin")
"""Operations, and entry points of administrators and the demonstration."""


def tracked(pattern: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.split() if (ROOT / name).exists()]


def test_no_file_grows_past_four_hundred_lines() -> None:
    long = [str(path) for path in tracked("*.py") if "migrations" not in path.parts and lines(path) > 400]
    assert long == []


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


@pytest.mark.parametrize(("rooms", "most"), [({"views", "api"}, 15), ({"operations"}, 40)])
def test_views_and_operations_are_short(rooms: set[str], most: int) -> None:
    """Longer ones decide, or prepare what a selector should; docstrings do not count."""
    inside = [
        path for app in PACKAGES if app != "foundation" for path in tracked(f"{app}/*.py") if rooms & set(path.parts)
    ]
    assert len(inside) > 20
    assert [f"{path.relative_to(ROOT)}: {name}" for path in inside for name in functions_over(most, path)] == []


def functions_over(most: int, path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            docstring = lines_of(first) if ast.get_docstring(node) else 0
            if lines_of(node) - docstring > most:
                yield node.name


def lines_of(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_module_is_called_utils_helpers_common_core_or_misc() -> None:
    drawers = re.compile(r"(^|/)(utils|helpers|common|core|misc)(\.py|/)")
    assert [path for path in tracked("*") if drawers.search(str(path.relative_to(ROOT)))] == []


def calls_that_write(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            if isinstance(node.func.value, ast.Name) and node.func.value.id == "self":
                continue  # a method of the view itself
            yield f"{path.relative_to(ROOT)}:{node.lineno} .{node.func.attr}()"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "insert_rows":
            yield f"{path.relative_to(ROOT)}:{node.lineno} insert_rows()"


@pytest.mark.parametrize("app", PACKAGES)
def test_only_operations_write(app: str) -> None:
    elsewhere = [
        call
        for path in tracked(f"{app}/*.py")
        if not set(MAY_WRITE) & {part.removesuffix(".py") for part in path.parts} and path.parent.name != "models"
        for call in calls_that_write(path)
    ]
    # A contract of import-linter keeps documents/inspection free of Django: its `save` writes a PDF or picture in
    # memory.
    allowed = re.compile(
        r"accounts/(models|admin\w*)|client\.messages\.create|providers/sms\.py|admin_audit|documents/inspection/"
    )
    assert [call for call in elsewhere if not allowed.search(call)] == []


def test_people_are_looked_up_by_email_in_one_way() -> None:
    """Use `UserQuerySet.with_email`: the unique indexes are on `lower`, while `iexact` uses `UPPER`."""
    others = [
        path for app in PACKAGES for path in tracked(f"{app}/*.py") if re.search(r"\bemail__i?exact", path.read_text())
    ]
    assert [str(path.relative_to(ROOT)) for path in others] == []


def own_routes(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                yield from own_routes(pattern)
        elif pattern.callback.__module__.split(".")[0] in PACKAGES:
            yield pattern


def view_class(pattern: URLPattern) -> type | None:
    return getattr(pattern.callback, "view_class", None) or getattr(pattern.callback, "cls", None)


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def test_a_route_its_view_and_its_template_share_one_name() -> None:
    pages = [p for p in own_routes() if view_class(p) is not None and "api" not in p.callback.__module__]
    assert len(pages) > 20
    wrong = [f"{p.name} → {view_class(p).__name__}" for p in pages if snake(view_class(p).__name__) != p.name]
    assert wrong == []


def test_every_constraint_has_a_code_for_its_refusal() -> None:
    """A constraint without a sentence would reach people as an error page."""
    silent = [
        constraint.name
        for app in (config.name for config in apps.get_app_configs() if config.name in PACKAGES)
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
        if app != "messaging" and not constraint.violation_error_code
    ]
    assert silent == []


def answers_of_its_own(path: Path) -> Iterator[str]:
    """`Response(…)` with a body that no documenting serializer rendered."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(func=ast.Name(id="Response"), args=[body, *_]) if not ast.unparse(body).startswith(
                "rendered("
            ):
                yield f"{path.relative_to(ROOT)}:{node.lineno}"


def test_answers_are_rendered_by_the_serializers_that_document_them() -> None:
    modules = [path for app in PACKAGES for path in (*tracked(f"{app}/api.py"), *tracked(f"{app}/api/*.py"))]
    assert len(modules) > 8
    assert [found for path in modules for found in answers_of_its_own(path)] == []
