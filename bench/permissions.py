"""Whether the tests notice when a permission check is gone: each is taken away once. Half an hour, where asked for.

make bench ARGS="--only permissions"

First the checks of pages, API, querysets, roles and the admin, inside one process, against docs/access.yaml
(`tests/access/every_removal.py`); then those inside operations and doors, found by reading the source, each removed
from a clone of what is committed, on which that app's own tests run until one fails.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Goal
from tools.places import ROOT, VENV

UNIT = "not browser and not races"


@dataclass(frozen=True, slots=True)
class Guard:
    """A statement that refuses with 403."""

    path: Path
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.path}:{self.first}"

    @property
    def tests(self) -> str:
        return f"tests/{self.path.parts[0]}"


def guards() -> list[Guard]:
    return [guard for app in _apps() for path in sorted((ROOT / app).rglob("*.py")) for guard in _of(path)]


def _apps() -> list[str]:
    return sorted(path.parent.name for path in ROOT.glob("*/operations"))


def _of(path: Path) -> Iterator[Guard]:
    here = path.relative_to(ROOT)
    if {"migrations", "management"} & set(here.parts):
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if _requires(node) or _raises(node):
            yield Guard(here, node.lineno, node.end_lineno or node.lineno)


def _requires(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and _refuses(node.value, "require")


def _raises(node: ast.AST) -> bool:
    raises = [each for each in node.body if isinstance(each, ast.Raise)] if isinstance(node, ast.If) else []
    return any(each.exc is not None and _refuses(each.exc, "Refused") for each in raises)


def _refuses(call: ast.expr, name: str) -> bool:
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == name
        and any(word.arg == "status" and getattr(word.value, "value", 0) == 403 for word in call.keywords)
    )


def measure_permissions(server: str) -> list[Goal]:
    env = {**os.environ, "DATABASE_URL": server, "DJANGO_SETTINGS_MODULE": "careerconnect.settings.test"}
    command = [sys.executable, "-m", "pytest", "tests/access/every_removal.py", "-q", "-s", "-p", "no:xdist"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    said = [line for line in done.stdout.splitlines() if line.startswith("permissions: ")]
    found = Goal(said[0] if said else f"permissions: {done.stdout[-800:]}", done.returncode == 0)
    return [found, _operations(env)]


def _operations(env: dict[str, str]) -> Goal:
    every, missed = guards(), []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(copy)], check=True)
        for name in ("node_modules", VENV.name, "static/dist"):
            (copy / name).symlink_to(ROOT / name)
        broken = [app for app in sorted({guard.tests for guard in every}) if not _passes(app, copy, env)]
        if broken:
            return Goal(f"operations: the tests of {', '.join(broken)} fail before anything is taken away", False)
        for guard in every:
            noticed = _noticed(guard, copy, env)
            print(f"          {guard}: {'noticed' if noticed else 'NOBODY NOTICES'}", flush=True)
            missed += [] if noticed else [str(guard)]
    words = f"operations: {len(every) - len(missed)} of {len(every)} removed checks are noticed"
    return Goal(words + (f"; not {', '.join(missed)}" if missed else ""), not missed)


def _noticed(guard: Guard, copy: Path, env: dict[str, str]) -> bool:
    source = (ROOT / guard.path).read_text()
    lines = source.splitlines(keepends=True)
    indent = lines[guard.first - 1][: len(lines[guard.first - 1]) - len(lines[guard.first - 1].lstrip())]
    lines[guard.first - 1 : guard.last] = [f"{indent}pass\n"]
    (copy / guard.path).write_text("".join(lines))
    try:
        return not _passes(guard.tests, copy, env)
    finally:
        (copy / guard.path).write_text(source)


def _passes(tests: str, copy: Path, env: dict[str, str]) -> bool:
    command = [sys.executable, "-m", "pytest", tests, "-x", "-q", "-n", "2", "-m", UNIT]
    return subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True).returncode == 0
