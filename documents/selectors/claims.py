"""What a share's claim is called. Whoever makes claims says how to name them; this app never learns what they are."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class ClaimName:
    words: str
    url: str


NameClaims = Callable[[Collection[str], "User"], dict[str, ClaimName]]
_namers: list[NameClaims] = []


def register_claims(namer: NameClaims) -> None:
    """`namer` answers, in one query, for those of the claims it knows and that person may see."""
    if namer not in _namers:
        _namers.append(namer)


def claim_names(claims: Collection[str], reader: User) -> dict[str, ClaimName]:
    names: dict[str, ClaimName] = {}
    for namer in _namers if claims else ():
        names |= namer(claims, reader)
    return names
