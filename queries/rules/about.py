from dataclasses import dataclass

from eligibility.models import Strike


@dataclass(frozen=True, slots=True)
class About:
    """What a query is about: a kind, a public id, and the sentence that people read."""

    kind: str = ""
    id: str = ""
    words: str = ""
    strike: Strike | None = None


NOTHING = About()
