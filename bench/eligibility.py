"""How fast rules are decided: for one person over twenty types, and as SQL for everybody; both beside a bare query."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass

from bench.figures import Goal
from tools.places import ROOT

TYPES = 20
SLOWEST_SQL_MS = 1000.0


@dataclass(slots=True)
class RuleFigures:
    """Rates in 1/s. `queries`: statements that decide one person, by number of types. `sql_ms`: median by rule."""

    decisions: float
    people: float
    bare: float
    queries: dict[int, int]
    matched: dict[str, int]
    sql_ms: dict[str, float]
    bare_ms: float = 0.0
    students: int = 0


def measure_rules(env: dict[str, str]) -> RuleFigures:
    """In a process of its own, which has the settings of that database."""
    command = [sys.executable, "-m", "bench.deciding"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"The rules could not be measured:\n{done.stderr[-2000:]}")
    found = json.loads(done.stdout)
    found["queries"] = {int(number): queries for number, queries in found["queries"].items()}
    return RuleFigures(**found)


def rule_goals(found: RuleFigures) -> list[Goal]:
    counts = ", ".join(f"{queries} for {number} types" for number, queries in found.queries.items())
    slowest = max(found.sql_ms, key=lambda name: found.sql_ms[name])
    sql = found.sql_ms[slowest]
    return [
        Goal(
            f"one person over {TYPES} types: {found.people:.0f} people/s, {found.decisions:,.0f} decisions/s = "
            f"{found.decisions / found.bare:.2f} × the rate of a bare query, {found.bare:,.0f}/s (at least 1)",
            found.decisions >= found.bare,
        ),
        Goal(f"statements that decide one person: {counts} (the same)", len(set(found.queries.values())) == 1),
        Goal(
            f"audience SQL over {found.students:,} people: slowest of {len(found.sql_ms)} rules {sql:.0f} ms "
            f"({slowest}), {sql / found.bare_ms:.1f} × a bare count of {found.bare_ms:.0f} ms (below 1 s)",
            sql < SLOWEST_SQL_MS,
        ),
    ]


def as_dict(found: RuleFigures) -> dict[str, object]:
    return asdict(found)
