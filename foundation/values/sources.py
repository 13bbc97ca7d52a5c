"""What a shared document, a strike or a use of an allocation is about: its kind and public id, never a foreign key.

So a lower layer keeps what an upper one asks for without knowing its tables. `retention` looks for ids that are gone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db import models


class SourceKind(models.TextChoices):
    BOOKING = "booking", "a booking"
    QUERY = "query", "a query"
    ABSENCE = "absence", "an absence recorded by hand, which has no row of its own"


@dataclass(frozen=True, slots=True)
class Source:
    kind: SourceKind
    id: str

    @property
    def fields(self) -> dict[str, Any]:
        """For a filter, or for a new row."""
        return {"source_kind": self.kind, "source_id": self.id}


Existing = Callable[[Collection[str]], set[str]]
_existing: dict[SourceKind, Existing] = {SourceKind.ABSENCE: set}  # all of them are there


def register_source_kind(kind: SourceKind, existing: Existing) -> None:
    """`existing` says in one query which of some public ids are there. Called once, when the kind's app is ready."""
    _existing[kind] = existing


def orphans(kind: SourceKind, ids: Collection[str]) -> set[str]:
    """Those of the ids that are of nothing any more. Raises KeyError for a kind that no app has registered."""
    return set(ids) - _existing[kind](ids) if ids else set()
