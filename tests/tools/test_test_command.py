"""`make test`: how a person's own pytest arguments are joined with ours, and `--policy`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tools.testing import _own_expression, _verdict, _without_numprocesses

ROOT = Path(__file__).resolve().parents[2]

TWO_TESTS = """
import pytest
@pytest.mark.policy("ELIG-2")
def test_proves(): pass
def test_other(): pass
"""


def test_own_marker_expression_is_joined() -> None:
    assert _own_expression(["-q", "-m", "races or slow", "tests"]) == (["-q", "tests"], "(races or slow) and ")
    assert _own_expression(["-q"]) == (["-q"], "")


def test_browser_tests_are_never_spread() -> None:
    assert _without_numprocesses(["-n", "4", "-x", "-n2", "--numprocesses=3", "tests"]) == ["-x", "tests"]


@pytest.mark.parametrize(
    ("codes", "answer"),
    [([0, 0], 0), ([0, 5], 0), ([5, 0], 0), ([5, 5], 5), ([1, 0], 1), ([0, 1], 1), ([5, 1], 1)],
)
def test_exit_code_joins_both_runs(codes: list[int], answer: int) -> None:
    assert _verdict(codes, Counter()) == answer


@pytest.mark.parametrize(
    ("statement", "code", "words"),
    [("ELIG-2", 0, "1 passed, 1 deselected"), ("ELIG-9", 4, "The policy has no statement ELIG-9")],
)
def test_policy_option(tmp_path: Path, statement: str, code: int, words: str) -> None:
    (tmp_path / "test_two.py").write_text(TWO_TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    policy(id): x\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.plugins.policy",
        "-p",
        "no:django",
        "-p",
        "no:cacheprovider",
    ]
    done = subprocess.run(
        [*command, "-c", str(tmp_path / "pytest.ini"), "--policy", statement, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert words in done.stdout + done.stderr
