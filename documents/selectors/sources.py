"""Names of shares' sources on pages. The sources' apps register them, because this app does not know their tables."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class SourceName:
    words: str
    url: str


NameSources = Callable[[Collection[str], "User"], dict[str, SourceName]]
_namers: list[NameSources] = []


def register_source_names(namer: NameSources) -> None:
    """Registers `namer`, which names in one query those public ids that it knows and the reader may see."""
    if namer not in _namers:
        _namers.append(namer)


def source_names(ids: Collection[str], reader: User) -> dict[str, SourceName]:
    names: dict[str, SourceName] = {}
    for namer in _namers if ids else ():
        names |= namer(ids, reader)
    return names
