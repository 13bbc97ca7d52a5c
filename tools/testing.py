"""`make test`: all tests against real PostgreSQL and Valkey; browser tests last, one by one."""

import os
import shlex
import subprocess
import tempfile
from collections import Counter
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
        counted: Counter[str] = Counter()
        spread = [] if any(each.startswith(SERIAL) for each in arguments) else ["-n", "2"]
        codes = [_pytest([*spread, *arguments], f"{expression}not browser", env, Path(place) / "tests.xml", counted)]
        for what, reason, required in left_out:
            if reason:
                warn(f"{what}: {reason}.")
                codes.append(1 if os.environ.get(required) == "required" else NOTHING_COLLECTED)
        if not no_browser:
            browsing = {**env, "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
            chosen = _without_numprocesses(arguments)
            serial = ["-p", "no:xdist", *chosen, *([] if _names_tests(chosen) else [BROWSER_TESTS])]
            codes.append(_pytest(serial, f"{expression}browser", browsing, Path(place) / "browser.xml", counted))
    return _verdict(codes, counted)


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


def _pytest(arguments: list[str], expression: str, env: dict[str, str], results: Path, counted: Counter[str]) -> int:
    command = [str(PYTHON), "-m", "pytest", "-m", expression, f"--junit-xml={results}", *arguments]
    process = subprocess.Popen(dies_with_parent(command), cwd=ROOT, env=env)
    try:
        code = process.wait()
    except BaseException:
        process.terminate()
        process.wait(10)
        raise
    if results.exists():
        for suite in ElementTree.parse(results).getroot().iter("testsuite"):
            counted.update({name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")})
    return code


def _verdict(codes: list[int], counted: Counter[str]) -> int:
    broken = counted["failures"] + counted["errors"]
    passed = counted["tests"] - broken - counted["skipped"]
    say(f"\nAltogether: {passed} passed, {broken} failed, {counted['skipped']} skipped.")
    if all(code == NOTHING_COLLECTED for code in codes):
        warn("No test matches.")
        return NOTHING_COLLECTED
    return next((code for code in codes if code not in (PASSED, NOTHING_COLLECTED)), 0)
