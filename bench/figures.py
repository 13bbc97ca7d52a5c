"""What was measured, what it amounts to, and the goals it is held against."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.load import Load

BOOKING_SHARE = 0.5
PAGE_FACTOR = 2.0
MOST_QUERIES = 8
GROWTH_FACTOR = 1.2
LONGEST_RACE = 1.0


@dataclass(slots=True)
class Figure:
    """One thing measured. Times in milliseconds; CPU is that of the web server's processes."""

    name: str
    title: str
    requests: int
    median: float
    p95: float
    rate: float
    cpu: float | None = None
    queries: int | None = None
    kilobytes: float = 0.0
    wrong: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Goal:
    said: str
    reached: bool


@dataclass(slots=True)
class Growth:
    """The medians with little and with much history."""

    name: str
    title: str
    small: float
    large: float

    @property
    def factor(self) -> float:
        return self.large / self.small if self.small else 0.0


@dataclass(slots=True)
class Races:
    """`failures`: answers from 500 on, or none; `not_one`: rounds that did not end with exactly one booking."""

    rounds: int = 0
    clients: int = 0
    not_one: int = 0
    failures: int = 0
    worst: float = 0.0


def figure(name: str, title: str, load: Load, cpu_seconds: float | None = None) -> Figure:
    waits = sorted(load.waits)
    answered = len(waits) + sum(load.wrong.values())
    return Figure(
        name=name,
        title=title,
        requests=len(waits),
        median=1000 * statistics.median(waits) if waits else 0.0,
        p95=1000 * waits[int(len(waits) * 0.95)] if waits else 0.0,
        rate=len(waits) / load.seconds if load.seconds else 0.0,
        cpu=1000 * cpu_seconds / answered if cpu_seconds and answered else None,
        kilobytes=statistics.median(load.sizes) / 1024 if load.sizes else 0.0,
        wrong=dict(load.wrong),
    )


def goals(
    figures: dict[str, Figure], advisers: dict[str, dict[int, int]], growth: list[Growth], races: Races
) -> list[Goal]:
    """Those for which there are figures. `advisers`: queries of the free times by number of advisers."""
    found = [*_beside_the_bare_app(figures)]
    for title, counts in advisers.items():
        words = ", ".join(f"{queries} with {number}" for number, queries in counts.items())
        found.append(Goal(f"{title}: queries {words} advisers (at most 8)", max(counts.values()) <= MOST_QUERIES))
    for grown in growth:
        times = f"{grown.small:.1f} → {grown.large:.1f} ms = {grown.factor:.2f} × (at most 1.2)"
        found.append(Goal(f"{grown.title}, long history: {times}", grown.factor <= GROWTH_FACTOR))
    if races.rounds:
        right = not races.not_one and not races.failures
        what = f"{races.clients} clients for one time, {races.rounds} rounds"
        came = f"{races.not_one} not exactly one booking, {races.failures} answers without sense"
        found.append(Goal(f"{what}: {came}", right))
        found.append(Goal(f"{what}: worst wait {races.worst:.2f} s (below 1)", races.worst < LONGEST_RACE))
    wrong = {each.title: each.wrong for each in figures.values() if each.wrong}
    if wrong:
        found.append(Goal(f"answers other than expected: {wrong}", False))
    return found


def _beside_the_bare_app(figures: dict[str, Figure]) -> list[Goal]:
    found = []
    for name in ("book-page", "book-api"):
        if name in figures and "bare-post" in figures:
            share = figures[name].rate / figures["bare-post"].rate
            words = f"{figures[name].title}: {share:.0%} of the bare POST's rate (at least 50 %)"
            found.append(Goal(words, share >= BOOKING_SHARE))
    for name in ("times-page", "times-api", "home", "diary", "people"):
        if name in figures and "bare-page" in figures:
            factor = figures[name].p95 / figures["bare-page"].p95
            words = f"{figures[name].title}: p95 {factor:.2f} × the bare page's (at most 2)"
            found.append(Goal(words, factor <= PAGE_FACTOR))
    return found


def table(figures: dict[str, Figure]) -> str:
    head = (
        f"{'':26}{'median ms':>10}{'p95 ms':>9}{'per s':>9}{'queries':>9}{'CPU ms':>8}{'KB':>7}   beside the bare app"
    )
    lines = [head, *(_row(each, figures) for each in figures.values())]
    return "\n".join(lines)


def _row(each: Figure, figures: dict[str, Figure]) -> str:
    queries = "" if each.queries is None else str(each.queries)
    cpu = "" if each.cpu is None else f"{each.cpu:.1f}"
    numbers = f"{each.median:10.1f}{each.p95:9.1f}{each.rate:9.0f}{queries:>9}{cpu:>8}{each.kilobytes:7.1f}"
    return f"{each.title:26}{numbers}   {_beside(each, figures)}"


def _beside(each: Figure, figures: dict[str, Figure]) -> str:
    other = figures.get("bare-post" if each.name in ("direct", "book-page", "book-api") else "bare-page")
    if other is None or each.name.startswith("bare"):
        return ""
    return f"{each.rate / other.rate:.2f} × its rate, {each.p95 / other.p95:.2f} × its p95"


def as_json(
    figures: dict[str, Figure],
    advisers: dict[str, dict[int, int]],
    growth: list[Growth],
    races: Races,
    reached: list[Goal],
) -> dict[str, Any]:
    return {
        "figures": [asdict(each) for each in figures.values()],
        "queries_by_advisers": advisers,
        "growth": [{**asdict(each), "factor": each.factor} for each in growth],
        "races": asdict(races),
        "goals": [asdict(goal) for goal in reached],
    }
