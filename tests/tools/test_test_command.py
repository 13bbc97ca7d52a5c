"""`make test`: how a person's own pytest arguments are combined with ours, and `--policy`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from foundation.values.times import database_now
from tools.dates import DATES, WEEK, chosen_date
from tools.output import LauncherError
from tools.testing import (
    BROWSER_TESTS,
    _beside_each_other,
    _names_tests,
    _own_expression,
    _Run,
    _verdict,
    _without_numprocesses,
)

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


def test_all_browser_tests_are_in_one_folder() -> None:
    """Without names of tests, `make test` looks for them nowhere else."""
    marked = [path for path in (ROOT / "tests").rglob("test_*.py") if "mark.browser" in path.read_text()]
    elsewhere = [path for path in marked if not path.is_relative_to(ROOT / BROWSER_TESTS)]
    assert (len(marked) > 10, elsewhere) == (True, [Path(__file__)])


@pytest.mark.parametrize(
    ("arguments", "named"),
    [(["-q", "-k", "booking"], False), ([], False), (["-q", "tests/tools"], True), (["tests/conftest.py::x"], True)],
)
def test_named_tests_are_recognised(arguments: list[str], named: bool) -> None:
    assert _names_tests(arguments) is named


@pytest.mark.parametrize(
    ("codes", "answer"),
    [([0, 0], 0), ([0, 5], 0), ([5, 0], 0), ([5, 5], 5), ([1, 0], 1), ([0, 1], 1), ([5, 1], 1)],
)
def test_exit_code_joins_both_runs(codes: list[int], answer: int) -> None:
    assert _verdict(codes, Counter()) == answer


def test_two_runs_at_once_give_both_codes_and_outputs(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Each waits for the other: one after the other they would never end."""
    runs = [_Run([], "", dict(os.environ), tmp_path / name) for name in ("first", "second")]
    for run, own, other, code in zip(runs, "ab", "ba", (0, 3), strict=True):
        wait = f"touch {tmp_path}/{own}; timeout 20 sh -c 'until [ -e {tmp_path}/{other} ]; do sleep 0.05; done'"
        run.command = ["sh", "-c", f"{wait} && echo run {own} met {other} && exit {code}"]
    assert _beside_each_other(runs) == [0, 3]
    shown = capfd.readouterr().out
    assert shown.index("run a met b") < shown.index("run b met a")


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


def test_a_date_is_drawn_and_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DAY", raising=False)
    drawn = {chosen_date() for _ in range(300)}
    assert drawn <= set(DATES)
    assert len(drawn) > 1
    assert {day.weekday() for day in WEEK} == set(range(7))
    monkeypatch.setenv("DAY", "2028-02-29")
    assert chosen_date() == date(2028, 2, 29)
    monkeypatch.setenv("DAY", "2027-02-29")
    with pytest.raises(LauncherError, match="DAY is a date"):
        chosen_date()


@pytest.mark.django_db
def test_every_process_of_a_run_lives_on_its_date() -> None:
    """The database, this process and a child agree within a second or two, whatever date was drawn."""
    shown = subprocess.run(["date", "+%s"], capture_output=True, text=True, check=True).stdout
    assert abs(database_now() - datetime.now(UTC)) < timedelta(seconds=1)
    assert abs(datetime.fromtimestamp(int(shown), UTC) - datetime.now(UTC)) < timedelta(seconds=2)
