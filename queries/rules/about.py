from dataclasses import dataclass

from eligibility.models import Strike


@dataclass(frozen=True, slots=True)
class About:
    """What a query is about: a kind, a public id, and the description shown to people."""

    kind: str = ""
    id: str = ""
    words: str = ""
    strike: Strike | None = None


NOTHING = About()
