"""Every refusal, form error and success message, by app: code, sentence and remedy.

Labels and hints of fields are in the snapshots of pages.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from foundation.web.problem_codes import PROBLEM_TYPES
from tests.architecture.test_house import ROOT, tracked
from tools.places import PACKAGES

SAY = {
    "Refused",
    "refuse",
    "ValidationError",
    "FieldProblem",
    "add_error",
    "success",
    "warning",
    "error",
    "info",
    "say_done",
}
NAMED = {"violation_error_code", "violation_error_message", "message", "remedy", "code"}


@pytest.mark.parametrize("app", PACKAGES)
def test_sentences(app: str, snapshot: SnapshotAssertion) -> None:
    files = sorted(path for path in tracked(f"{app}/*.py") if "migrations" not in path.parts)
    said = dict.fromkeys(line for path in files for line in sentences_of(path))
    assert "\n".join(said) == snapshot


def sentences_of(path: Path) -> Iterator[str]:
    """Without line numbers, which change with every edit."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    for call in calls:
        every = getattr(call.func, "attr", getattr(call.func, "id", "")) in SAY
        texts = [text_of(each) for each in call.args] if every else []
        texts += [text_of(each.value) for each in call.keywords if each.arg in NAMED]
        if any(" " in text for text in texts):
            yield f"{path.relative_to(ROOT)}: {' | '.join(filter(None, texts))}"


def text_of(node: ast.expr) -> str:
    """The text of a string; values in it appear as their expressions in braces."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return ast.unparse(node)[2:-1]
    if isinstance(node, ast.IfExp):
        return " / ".join(filter(None, [text_of(node.body), text_of(node.orelse)]))
    return ""


def test_api_problems(snapshot: SnapshotAssertion) -> None:
    said = [f"{code}: {each.title} | {each.meaning} | {each.action}" for code, each in PROBLEM_TYPES.items()]
    assert "\n".join(said) == snapshot
