"""What a virus scanner is to us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol


@dataclass(frozen=True, slots=True)
class Verdict:
    """`signature` names what was found; empty when nothing was."""

    signature: str = ""

    @property
    def clean(self) -> bool:
        return not self.signature


class ScannerUnavailable(Exception):
    """No verdict: the file stays where it is and is asked about again."""


class Scanner(Protocol):
    name: ClassVar[str]

    def scan(self, content: bytes) -> Verdict:
        """Raises ScannerUnavailable where there is no verdict, whatever the reason."""
        ...

    def answers(self) -> bool:
        """Whether it is there; waits a second at most."""
        ...
