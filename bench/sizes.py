"""How much is filled in and how long is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """`past`: bookings behind us, in the small, the main and the large database. Seconds are those of one round."""

    advisers: int
    students: int
    past: dict[str, int]
    rounds: int
    seconds: float
    growth_rounds: int
    growth_seconds: float
    races: int


FULL = Sizes(
    advisers=100,
    students=50_000,
    past={"small": 10_000, "main": 200_000, "large": 1_000_000},
    rounds=3,
    seconds=3.0,
    growth_rounds=4,
    growth_seconds=1.5,
    races=20,
)
QUICK = Sizes(
    advisers=20,
    students=6_000,
    past={"small": 1_000, "main": 5_000, "large": 20_000},
    rounds=1,
    seconds=1.0,
    growth_rounds=1,
    growth_seconds=0.5,
    races=3,
)
