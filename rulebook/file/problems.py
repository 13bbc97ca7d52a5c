from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A problem and its place in the file: `types.cv-advice.minutes`, `audiences.clients.rules[1].rule.all[0]`."""

    path: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}" if self.path else self.sentence


class FileRefused(Exception):
    """Nothing was written. `problems` has everything that was found."""

    def __init__(self, problems: Iterable[FileProblem]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(map(str, self.problems)))
