"""The keys of those who visit, made up from who it is: the load generator needs no database to know them."""

from __future__ import annotations

from dataclasses import dataclass

CSRF = "bench" + "x" * 27
TOPIC = "Finding work experience"
HELP = "I would like to talk through what I could do next summer, and how to find it."


@dataclass(frozen=True, slots=True)
class BenchVisitors:
    """How many of each there are. Readers have an appointment ahead; bookers and callers (of the API) have none."""

    advisers: int
    readers: int
    bookers: int
    callers: int

    @classmethod
    def among(cls, advisers: int, students: int) -> BenchVisitors:
        return cls(advisers, min(400, students // 8), min(5000, students // 4), min(5000, students // 4))


def session_key(kind: str, number: int) -> str:
    return f"bench{kind}{number:08d}"


def token(kind: str, number: int) -> str:
    return f"cc_bench_{kind}_{number}"
