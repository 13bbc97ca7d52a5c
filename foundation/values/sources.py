"""What a shared document, a strike, a use of an allocation or of a place, or a waiting entry refers to: a kind and a
public id, never a foreign key.

So a lower layer can store the reference without knowing the upper layer's tables. `retention` looks for ids that no
longer exist.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db import models


class SourceKind(models.TextChoices):
    BOOKING = "booking", "a booking"
    QUERY = "query", "a query"
    EVENT = "event", "an event"
    REGISTRATION = "registration", "a registration"
    ABSENCE = "absence", "an absence recorded by hand, which has no row of its own"


@dataclass(frozen=True, slots=True)
class Source:
    kind: SourceKind
    id: str

    @property
    def fields(self) -> dict[str, Any]:
        """Keyword arguments for a filter or a new row."""
        return {"source_kind": self.kind, "source_id": self.id}


Existing = Callable[[Collection[str]], set[str]]
# An absence has no row of its own, so every id counts as existing.
_existing: dict[SourceKind, Existing] = {SourceKind.ABSENCE: set}


def register_source_kind(kind: SourceKind, existing: Existing) -> None:
    """Registers the function that returns, in one query, which of the given public ids exist.

    Called once, from the app's `ready()`.
    """
    _existing[kind] = existing


def orphans(kind: SourceKind, ids: Collection[str]) -> set[str]:
    """The ids that no longer exist. Raises KeyError for a kind that no app has registered."""
    return set(ids) - _existing[kind](ids) if ids else set()
