"""Files damaged at any byte, in the spellings that we read: rows that are believed are those of the whole file."""

from __future__ import annotations

from dataclasses import astuple

import pytest

from accounts.feed.reading import FileUnreadable
from tests.accounts.feed_files import NAMES, file_of, person
from tests.accounts.feeds.odd_files import NEEDED_FIRST, quoted
from tests.accounts.feeds.test_odd_files import read

pytestmark = pytest.mark.policy("DATA-3")
ROWS = [person(n, family_name=f"Person “{n}”") for n in range(1, 12)]
SPELLINGS = {
    "commas": file_of(*ROWS),
    "semicolons": file_of(*ROWS, delimiter=";"),
    "quoted": quoted(file_of(*ROWS)),
    "delimiters within cells": quoted(file_of(*({**row, "school": "School of Law, Arts, Letters"} for row in ROWS))),
    "a trailing delimiter": file_of(*ROWS).replace(b",no\r\n", b",no,\r\n"),
    "rows that may end early": file_of(*ROWS, names=NEEDED_FIRST, end="\n"),
    "the id last": file_of(*ROWS, names=NAMES[::-1]),
}


def believed(body: bytes) -> list[tuple[object, ...]]:
    try:
        return [astuple(row) for row in read(body)[0]]
    except FileUnreadable:
        return []


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_cut_at_every_byte_of_the_last_three_rows(spelling: str) -> None:
    lines = SPELLINGS[spelling].splitlines(keepends=True)
    kept, last = b"".join(lines[:2]), b"".join(lines[-3:])
    whole = believed(kept + last)
    assert len(whole) == 4
    for end in range(len(last)):
        found = believed(kept + last[:end])
        assert found == whole[: len(found)], last[:end]


@pytest.mark.parametrize(
    ("spelling", "sign"),
    [
        ("commas", b","),
        ("semicolons", b";"),
        ("quoted", b'"'),
        ("quoted", b","),
        ("delimiters within cells", b'"'),
        ("a trailing delimiter", b","),
        ("the id last", b","),
    ],
)
def test_a_sign_lost_or_doubled_at_every_cell_of_ten_rows(spelling: str, sign: bytes) -> None:
    """A row is read as it was sent, or refused, or the file is."""
    header, *rows = SPELLINGS[spelling].splitlines(keepends=True)
    whole = set(believed(SPELLINGS[spelling]))
    assert len(whole) == len(rows) == 11
    for row in rows[:-1]:
        for place in (place for place in range(len(row)) if row[place : place + 1] == sign):
            for instead in (b"", sign * 2):
                damaged = row[:place] + instead + row[place + 1 :]
                assert set(believed(header + rows[-1] + damaged + rows[-1])) <= whole, (damaged, place)
