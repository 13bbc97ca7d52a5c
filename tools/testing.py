"""`make test`: all tests against real PostgreSQL and Valkey; browser tests one by one, beside the others."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from xml.etree import ElementTree

from tools.dates import chosen_date, live_on
from tools.debian import install_for_tests
from tools.output import say, step, warn
from tools.places import PYTHON, ROOT
from tools.processes import dies_with_parent
from tools.services import ThrowAwayServices
from tools.set_up import set_up

PASSED, NOTHING_COLLECTED = 0, 5
SERIAL = ("--pdb", "--trace", "-n", "--numprocesses", "--policy-gaps", "--collect-only", "--co", "no:xdist", "-s")
SPREAD = ("-n", "2")
BROWSER_TESTS = "tests/journeys"
"""Where all of them are, so that they start without reading the thousands of others again."""


def test() -> int:
    set_up("dev")
    arguments, expression = _own_expression(shlex.split(os.environ.get("ARGS", "")))
    no_browser = install_for_tests("Chromium")
    left_out = [
        ("Tests of the virus scanner are skipped", install_for_tests("clamd"), "CAREERCONNECT_CLAMD_TESTS"),
        ("Tests behind a connection pooler are skipped", install_for_tests("PgBouncer"), "CAREERCONNECT_POOLER_TESTS"),
        ("Pictures of printed pages are not compared", install_for_tests("pdftoppm"), "CAREERCONNECT_BROWSER_TESTS"),
        ("Browser tests are skipped", no_browser, "CAREERCONNECT_BROWSER_TESTS"),
    ]
    live_on(chosen_date())
    with tempfile.TemporaryDirectory(prefix="cc-results-") as place, ThrowAwayServices() as services:
        with step("Starting throw-away services"):
            env = _environment(services.addresses())
            if services.postgres:
                env["CAREERCONNECT_TEST_TEMPLATE"] = "on"
        serial = any(each.startswith(SERIAL) for each in arguments)
        runs = [_Run([*([] if serial else SPREAD), *arguments], f"{expression}not browser", env, Path(place) / "tests")]
        if not no_browser:
            runs.append(_browser_run(arguments, expression, env, Path(place) / "browser"))
        together = not serial and not expression and not _names_tests(arguments)
        codes = _beside_each_other(runs) if together else [run.start().wait() for run in runs]
        for what, reason, required in left_out:
            if reason:
                warn(f"{what}: {reason}.")
                codes.append(1 if os.environ.get(required) == "required" else NOTHING_COLLECTED)
        counted = sum((run.counted() for run in runs), Counter())
    return _verdict(codes, counted)


def _browser_run(arguments: list[str], expression: str, env: dict[str, str], results: Path) -> _Run:
    """It has a cache of its own (`--lf`): two runs at once would overwrite each other's."""
    chosen = _without_numprocesses(arguments)
    where = [] if _names_tests(chosen) else [BROWSER_TESTS]
    own = ["-p", "no:xdist", "-o", "cache_dir=.pytest_cache/browser"]
    return _Run([*own, *chosen, *where], f"{expression}browser", {**env, "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}, results)


def _beside_each_other(runs: list[_Run]) -> list[int]:
    """Runs all at once and returns their exit codes. The output of the first is live, the others' follows it."""
    first, *others = runs
    try:
        for run in others:
            run.start(quiet=True)
        codes = [first.start().wait()]
        for run in others:
            with step("Waiting for the browser tests"):
                codes.append(run.wait())
            sys.stdout.write(run.output.read_text(errors="replace"))
            sys.stdout.flush()
    finally:
        for run in runs:
            run.stop()
    return codes


def _environment(addresses: dict[str, str]) -> dict[str, str]:
    """The environment without the person's PORT and PG… variables, with which libpq would find another database."""
    own = {name: value for name, value in os.environ.items() if name != "PORT" and not name.startswith("PG")}
    return {**own, **addresses, "DJANGO_SETTINGS_MODULE": "careerconnect.settings.test"}


def _own_expression(arguments: list[str]) -> tuple[list[str], str]:
    """Separates the person's `-m` expression, to combine it with ours: pytest would only use the last one."""
    if "-m" not in arguments[:-1]:
        return arguments, ""
    at = arguments.index("-m")
    return arguments[:at] + arguments[at + 2 :], f"({arguments[at + 1]}) and "


def _without_numprocesses(arguments: list[str]) -> list[str]:
    kept, skip = [], False
    for each in arguments:
        if skip or each.startswith(("-n", "--numprocesses")):
            skip = not skip and each in ("-n", "--numprocesses")
            continue
        kept.append(each)
    return kept


def _names_tests(arguments: list[str]) -> bool:
    return any((ROOT / argument.partition("::")[0]).exists() for argument in arguments)


class _Run:
    """One pytest process."""

    def __init__(self, arguments: list[str], expression: str, env: dict[str, str], results: Path) -> None:
        self.junit, self.output = results.with_suffix(".xml"), results.with_suffix(".log")
        self.command = [str(PYTHON), "-m", "pytest", "-m", expression, f"--junit-xml={self.junit}", *arguments]
        self.env = env
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, quiet: bool = False) -> _Run:
        """Quiet writes the output to `self.output`."""
        with self.output.open("wb") if quiet else nullcontext() as out:
            self.process = subprocess.Popen(
                dies_with_parent(self.command),
                cwd=ROOT,
                env=self.env,
                stdout=out,
                stderr=subprocess.STDOUT if out else None,
            )
        return self

    def wait(self) -> int:
        assert self.process
        try:
            return self.process.wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)

    def counted(self) -> Counter[str]:
        found: Counter[str] = Counter()
        if self.junit.exists():
            for suite in ElementTree.parse(self.junit).getroot().iter("testsuite"):
                found.update({name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")})
        return found


def _verdict(codes: list[int], counted: Counter[str]) -> int:
    broken = counted["failures"] + counted["errors"]
    passed = counted["tests"] - broken - counted["skipped"]
    say(f"\nAltogether: {passed} passed, {broken} failed, {counted['skipped']} skipped.")
    if all(code == NOTHING_COLLECTED for code in codes):
        warn("No test matches.")
        return NOTHING_COLLECTED
    return next((code for code in codes if code not in (PASSED, NOTHING_COLLECTED)), 0)
