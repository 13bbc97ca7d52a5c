"""The interface of a virus scanner."""

from dataclasses import dataclass
from typing import ClassVar, Protocol


@dataclass(frozen=True, slots=True)
class Verdict:
    """`signature` names the virus found; empty if none was."""

    signature: str = ""

    @property
    def clean(self) -> bool:
        return not self.signature


class ScannerUnavailable(Exception):
    """There is no verdict: the file stays in quarantine and is tried again."""


class Scanner(Protocol):
    name: ClassVar[str]

    def scan(self, content: bytes) -> Verdict:
        """Raises ScannerUnavailable if there is no verdict, whatever the reason."""
        ...

    def answers(self) -> bool:
        """Is it reachable? Waits a second at most."""
        ...
