"""What a change would do to others, shown before it is saved."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Consequence:
    """`key` identifies what is affected, for example a booking's public id; `text` is what people read."""

    key: str
    text: str
    url: str = ""


def seal_of(consequences: Iterable[Consequence]) -> str:
    """What a person sends back to say that they have seen exactly these. If others have been added, they are asked
    again.
    """
    return hashlib.sha256("\n".join(sorted(each.key for each in consequences)).encode()).hexdigest()[:32]
