"""Files that attack whoever opens them, each with what is reported and what must not be in its copy."""

from __future__ import annotations

from typing import NamedTuple

from documents.inspection.taken_out import TakenOut

EVIL = "evil.example"


class Hostile(NamedTuple):
    content: bytes
    taken_out: TakenOut
    gone: tuple[str, ...] = (EVIL,)
    kept: tuple[str, ...] = ()
