"""How many of something: one way to say it, and no sentence with “1 rows”."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from foundation.values.counted import counted
from tools.places import PACKAGES, ROOT

NOUNS = "day|hour|month|year|row|document|version|attempt|absence|night|seal|record|appointment|telephone|strike"
WITHOUT = re.compile(rf'f"[^"]*\{{[a-z][^{{}}"]*\}} (?:{NOUNS})s\b')
"""An f-string with a number and a plural that is always the same. Constants are written in capitals."""


@pytest.mark.parametrize(
    ("number", "noun", "words"),
    [
        (0, "day", "0 days"),
        (1, "day", "1 day"),
        (2, "query", "2 queries"),
        (1200, "row", "1,200 rows"),
        (1, "entry", "1 entry"),
    ],
)
def test_one_is_not_a_plural(number: int, noun: str, words: str) -> None:
    assert counted(number, noun) == words


def test_an_irregular_plural_is_given() -> None:
    assert counted(2, "person", "people") == "2 people"


def sources() -> list[Path]:
    return [path for name in PACKAGES for path in (ROOT / name).rglob("*.py") if "migrations" not in path.parts]


def test_no_sentence_counts_by_itself() -> None:
    assert len(sources()) > 500
    found = {path.relative_to(ROOT): WITHOUT.findall(path.read_text()) for path in sources()}
    assert {path: each for path, each in found.items() if each} == {}
