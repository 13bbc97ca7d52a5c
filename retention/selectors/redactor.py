"""Blacks out words in the records of a copy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from retention.schedule.free_texts import DASHES


@dataclass
class Redactor:
    """Replaces the words wherever they occur, in any case, with one dash for each character of the text.

    A character may casefold to several (`ß` to `ss`); if only part of it matches, the whole character is replaced.
    """

    words: Sequence[str]

    def __call__(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self(said) for key, said in value.items()}
        if isinstance(value, list):
            return [self(said) for said in value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        folded, origins = _folded(text)
        black = {
            origins[place]
            for words in {each.casefold() for each in self.words if each}
            for start in _places(words, folded)
            for place in range(start, start + len(words))
        }
        return "".join(DASHES if at in black else letter for at, letter in enumerate(text)) if black else text


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """The casefolded text, and for each of its characters the index of its original in `text`."""
    folded = text.casefold()
    if len(folded) == len(text):  # no character folds to nothing, so each folds to exactly one
        return folded, range(len(text))
    return folded, [at for at, letter in enumerate(text) for _ in letter.casefold()]


def _places(words: str, text: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)
