"""The student feed: many generated people and some broken rows, imported twice by the command, as cron does it."""

from __future__ import annotations

import csv
import hashlib
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg2

from bench import databases
from bench.figures import Goal
from tools.places import ROOT

BROKEN = 200
MOST_SECONDS, MOST_MEGABYTES = 60.0, 500.0
GIVEN = ("Amara", "Ben", "Chidi", "Dilys", "Ewan", "Farah", "Grace", "Håkon", "Iván", "Jürgen")
BREAKS = ({"level": "school"}, {"start": "2025-02-30"}, {"email": "nobody"}, {"family_name": "x" * 200}, {"status": ""},
          {"mode": "sometimes"}, {"status": "completed"}, {"university_id": ""})  # fmt: skip

STATE = """
SELECT u.university_id, u.email, u.given_name, u.family_name, u.preferred_name, u.phone, u.roles::text, g.code, g.name,
       s.name, e.level, e.mode, e.status, e.fee_status, e.year_of_study, e.started_on, e.expected_end_on, e.completed_on
FROM accounts_user u LEFT JOIN accounts_enrolment e ON e.student_id = u.id
LEFT JOIN accounts_programme g ON g.id = e.programme_id LEFT JOIN accounts_school s ON s.id = g.school_id
ORDER BY u.university_id, g.code, e.started_on
"""


@dataclass(slots=True)
class FeedRunFigure:
    """One import: seconds of the whole command, peak memory of its process, and what it said it did."""

    rows: int
    seconds: float
    megabytes: float
    new: int
    changed: int
    unchanged: int
    refused_rows: int
    state: str


def write_feed(path: Path, people: int) -> int:
    """Every tenth has a completed course besides; the broken rows stand among the good ones. Returns the rows."""
    rows = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, tuple(_row(1)))
        writer.writeheader()
        for number in range(1, people + 1):
            for row in _rows(number):
                writer.writerow(row)
                rows += 1
            if number % (people // BROKEN) == 0:
                broken = number // (people // BROKEN)
                writer.writerow({**_row(people + broken), **BREAKS[broken % len(BREAKS)]})
                rows += 1
    return rows


def _rows(number: int) -> list[dict[str, str]]:
    row = _row(number)
    if number % 10:
        return [row]
    earlier = {
        "programme_code": f"OLD-{number % 40}", "programme_name": f"BSc Earlier {number % 40}", "start": "2021-09-20",
        "expected_end": "2024-07-08", "status": "completed", "completion": "2024-07-08",
    }  # fmt: skip
    return [row, {**row, **earlier}]


def _row(number: int) -> dict[str, str]:
    which = number % 60
    return {
        "university_id": f"S{number:08d}", "given_name": GIVEN[number % 10], "family_name": f"Person {number}",
        "preferred_name": "Al" if number % 7 == 0 else "", "email": f"p{number}@example.ac.uk",
        "phone": f"+44 7911 {number % 1_000_000:06d}", "school": f"School of Subject {which % 9}",
        "faculty": f"Faculty {which % 3}", "programme_code": f"PROG-{which}", "programme_name": f"BA Subject {which}",
        "level": ("undergraduate", "UG", "postgraduate_taught", "PGR")[number % 4], "mode": "full time",
        "status": "current", "fee_status": "overseas" if number % 4 == 0 else "home",
        "year_of_study": str(1 + number % 3), "start": "2025-09-15", "expected_end": "08/07/2028", "completion": "",
        "placement_year": "yes" if which < 5 else "no",
    }  # fmt: skip


def measure_feed(server: str, people: int) -> list[FeedRunFigure]:
    url = databases.named(server, "feed")
    env = {**os.environ, "DATABASE_URL": url}
    with databases.dropped_at_the_end(server, url), tempfile.TemporaryDirectory() as folder:
        databases.create(server, url)
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity=0"], cwd=ROOT, env=env, check=True
        )
        path = Path(folder) / "feed.csv"
        rows = write_feed(path, people)
        return [_imported(path, rows, url, env) for _ in range(2)]


def _imported(path: Path, rows: int, url: str, env: dict[str, str]) -> FeedRunFigure:
    began = time.monotonic()
    command = [sys.executable, "-m", "bench.feed", str(path)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    seconds = time.monotonic() - began
    if done.returncode:
        raise SystemExit(f"The feed could not be imported:\n{done.stderr[-2000:]}")
    found = {words: int(number.replace(",", "")) for number, words in re.findall(r"([\d,]+) (\w+)\n", done.stdout)}
    bad = re.search(r"([\d,]+) rows are refused", done.stdout)
    peak = re.search(r"peak (\d+) KiB", done.stdout)
    return FeedRunFigure(
        rows, seconds, int(peak[1]) / 1024 if peak else 0, found["new"], found["changed"], found["unchanged"],
        int(bad[1].replace(",", "")) if bad else 0, _state(url),
    )  # fmt: skip


def _state(url: str) -> str:
    """A hash over everything that a feed may touch."""
    digest = hashlib.sha256()
    connection = psycopg2.connect(url)
    with connection.cursor("state") as cursor:
        cursor.execute(STATE)
        for row in cursor:
            digest.update(repr(row).encode())
    connection.close()
    return digest.hexdigest()[:16]


def feed_goals(figures: list[FeedRunFigure]) -> list[Goal]:
    first, second = figures
    found = []
    for which, each in (("first time", first), ("again", second)):
        words = (
            f"feed of {each.rows:,} rows, {which}: {each.seconds:.1f} s (below 60), {each.megabytes:.0f} MB (below 500)"
        )
        found.append(Goal(words, each.seconds < MOST_SECONDS and each.megabytes < MOST_MEGABYTES))
    said = f"{first.new:,} new, then {second.new} new and {second.changed} changed; {first.refused_rows} rows refused"
    same = first.state == second.state and (second.new, second.changed) == (0, 0)
    found.append(Goal(f"the same feed twice: {said}; same state: {first.state == second.state}", same))
    return found


def as_dicts(figures: list[FeedRunFigure]) -> list[dict[str, object]]:
    return [asdict(each) for each in figures]


if __name__ == "__main__":
    import django

    django.setup()
    from django.core.management import call_command

    call_command("import_people", sys.argv[1])
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss} KiB")
