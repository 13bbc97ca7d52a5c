"""The date on which the tests run: drawn at random, or set by `DAY=2028-02-29 make test`.

`DAY=today` does not change the clock. libfaketime changes it for every process that the run starts: pytest, PostgreSQL,
Valkey and the peers, but not the browser. Days are UTC days.
"""

import os
import secrets
import subprocess
from datetime import UTC, date, datetime, timedelta

from tools.output import LauncherError, say, warn
from tools.places import PYTHON, VENV

WEEK = tuple(date(2026, 11, 30) + timedelta(days=n) for n in range(7))
"""Monday to Sunday; the Monday is the last day of a month."""

DATES = (
    *WEEK,
    date(2028, 2, 29),
    date(2026, 10, 24),
    date(2026, 10, 25),  # clocks go back
    date(2026, 10, 26),
    date(2027, 3, 27),
    date(2027, 3, 28),  # clocks go forward
    date(2026, 12, 31),
)


def _today() -> date:
    return datetime.now(UTC).date()


def chosen_date() -> date:
    """The date in DAY, or a random one of DATES."""
    asked = os.environ.get("DAY", "")
    if asked == "today":
        return _today()
    try:
        return date.fromisoformat(asked) if asked else secrets.choice(DATES)
    except ValueError:
        raise LauncherError(f"DAY is a date like 2028-02-29, or today; “{asked}” is neither.") from None


def live_on(day: date) -> None:
    """Sets the date for all processes started from now on, keeping the time of day. Stays on today if that is
    impossible.

    A run started by another run keeps the other's date.
    """
    if "FAKETIME" in os.environ:
        day = _today()
    if day != _today():
        moved = {**os.environ, **_moved_to(day)}
        if _today_in(moved) == day.isoformat():
            os.environ.update(moved)
        else:
            warn("The clock cannot be moved on this machine (libfaketime has no build for it): the tests run today.")
            day = _today()
    say(f"  · The tests run on {day:%A} {day.day} {day:%B %Y} (repeat with DAY={day} make test)")


def _moved_to(day: date) -> dict[str, str]:
    library = next(VENV.glob("lib/python3*/site-packages/libfaketime/vendor/libfaketime/src/libfaketime.so.1"), None)
    before = os.environ.get("LD_PRELOAD", "")
    return {
        "LD_PRELOAD": f"{before} {library or ''}".strip(),
        "FAKETIME": f"{(day - _today()).days:+d}d",
        "DONT_FAKE_MONOTONIC": "1",  # so that waits take as long as usual
        "NO_FAKE_STAT": "1",
    }


def _today_in(environment: dict[str, str]) -> str:
    asked = [str(PYTHON), "-c", "import datetime as d; print(d.datetime.now(d.UTC).date())"]
    return subprocess.run(asked, env=environment, capture_output=True, text=True).stdout.strip()
