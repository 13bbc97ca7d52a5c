"""What is read from odd files: never a person or a value that the file does not hold."""

from __future__ import annotations

import io
from dataclasses import asdict
from datetime import date

import pytest

from accounts.feed.dates import DateOrder
from accounts.feed.reading import FeedReader, FileUnreadable
from accounts.feed.rows import DAYS, BadCell, CleanRow, clean
from tests.accounts.feed_files import person
from tests.accounts.feeds.odd_files import ODD_FILES, OddFile

pytestmark = pytest.mark.policy("DATA-3")
TODAY = date(2026, 11, 27)


def read(body: bytes) -> tuple[list[CleanRow], list[int]]:
    """Usable rows and refused lines, as staging takes them. Raises FileUnreadable."""
    reader, dates, good, refused, doubtful = FeedReader(io.BytesIO(body)), DateOrder(), {}, list[int](), set[int]()
    for line in reader:
        cells = line.by_name(reader.header)
        if dates.reads_both_ways(line.number, (cells.get(name, "") for name in DAYS)):
            doubtful.add(line.number)
        try:
            if line.problem:
                raise BadCell(line.problem)
            good[line.number] = clean(cells, TODAY)
        except BadCell:
            refused.append(line.number)
    wrong = doubtful & good.keys() if dates.reason else set()
    return [row for number, row in good.items() if number not in wrong], sorted({*refused, *wrong})


def usual(number: int) -> dict[str, object]:
    return asdict(clean(person(number), TODAY))


@pytest.mark.parametrize("odd", ODD_FILES, ids=lambda odd: odd.name)
def test_an_odd_file(odd: OddFile) -> None:
    if odd.says:
        with pytest.raises(FileUnreadable, match=odd.says):
            read(odd.body)
        return
    good, refused = read(odd.body)
    assert refused == list(odd.refused)
    assert [row.university_id for row in good] == [f"F{number:07d}" for number in odd.good]
    for number, row in zip(odd.good, good, strict=True):
        assert asdict(row) == usual(number) | dict.fromkeys(odd.lacks) | odd.values.get(number, {})


def test_a_hundred_of_them() -> None:
    assert len(ODD_FILES) > 100
    assert len({odd.name for odd in ODD_FILES}) == len(ODD_FILES)
