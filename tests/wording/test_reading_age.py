"""How many years of school it takes to read what students read: the Flesch-Kincaid grade of pages and messages."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import median

import pytest
from pyphen import Pyphen

SNAPSHOTS = Path(__file__).parent / "snapshots"
MEDIAN, HIGHEST = 8, 11
FEWEST_WORDS = 5
"""Shorter lines are headings, labels and names."""
SYLLABLES = Pyphen(lang="en_US")
"""Divides words at more places than the British patterns do, nearer to their syllables."""


def sentences(text: str) -> str:
    """The running text of a snapshot."""
    lines = [re.sub(r"^[#\-*>\s]+", "", line).strip() for line in text.splitlines()]
    return " ".join(line for line in lines if len(line.split()) >= FEWEST_WORDS and line[-1] in ".?!")


def grade(text: str) -> float:
    """Flesch and Kincaid's formula (Kincaid and others, 1975).

    `textstat` computes the same. Its releases need data from the network, or a setuptools that is gone.
    """
    words = re.findall(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*", text)
    syllables = sum(len(SYLLABLES.positions(word)) + 1 for word in words)
    ends = len(re.findall(r"[.?!](?:\s|$)", text))
    return 0.39 * len(words) / ends + 11.8 * syllables / len(words) - 15.59


def grades(texts: list[Path]) -> dict[str, float]:
    read = {path.name: sentences(path.read_text()) for path in texts}
    return {name: grade(text) for name, text in read.items() if text}


PAGES = [path for path in SNAPSHOTS.glob("test_pages/*.txt") if "To: student" in path.read_text()]
MESSAGES = list(SNAPSHOTS.glob("test_messages/*.txt"))


@pytest.mark.parametrize(("texts", "fewest"), [(PAGES, 30), (MESSAGES, 30)], ids=["pages", "messages"])
def test_students_read_it_easily(texts: list[Path], fewest: int) -> None:
    found = grades(texts)
    assert len(found) >= fewest
    assert median(found.values()) <= MEDIAN
    assert {name: years for name, years in found.items() if years > HIGHEST} == {}


def test_a_hard_sentence_is_found() -> None:
    hard = (
        "Appointments concerning which extenuating circumstances have been communicated retrospectively necessitate "
        "individual consideration by authorised representatives notwithstanding previously accumulated absences."
    )
    assert grade(sentences(hard)) > HIGHEST
