"""How fast the shared inbox is with two years and more in it: 100,000 queries, 500,000 messages.

python -m bench.inbox QUERIES MESSAGES      against DATABASE_URL, filled; prints JSON; takes everything back
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass, field

from bench.figures import Goal
from tools.places import ROOT

MOST_QUERIES = 20
MOST_MS = 1000.0


@dataclass(slots=True)
class InboxFigures:
    """Medians in ms and statements of one request, in process; `bare`: a bare page of 25 rows by primary key."""

    queries: int
    messages: int
    bare_ms: float
    pages: dict[str, tuple[float, int]] = field(default_factory=dict)


def measure_inbox(env: dict[str, str], queries: int) -> InboxFigures:
    command = [sys.executable, "-m", "bench.inbox_process", str(queries)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"The inbox could not be measured:\n{done.stderr[-2000:]}")
    return InboxFigures(**json.loads(done.stdout.splitlines()[-1]))


def inbox_goals(found: InboxFigures) -> list[Goal]:
    """A page that asks in a fixed few statements and answers below a second."""
    what = f"{found.queries:,} queries, {found.messages:,} messages"
    return [
        Goal(
            f"{what}: {name} {ms:.0f} ms, {statements} statements ({ms / found.bare_ms:.1f} × a bare list of "
            f"{found.bare_ms:.1f} ms; below 1 s, at most {MOST_QUERIES})",
            ms < MOST_MS and statements <= MOST_QUERIES,
        )
        for name, (ms, statements) in found.pages.items()
    ]


def as_dict(found: InboxFigures) -> dict[str, object]:
    return asdict(found)
