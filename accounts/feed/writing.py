"""Files for download: the refused rows, and the example."""

from collections.abc import Iterator, Mapping

from accounts.feed.columns import ADDED_BY_US, COLUMNS, header_name
from accounts.feed.reading import FeedReader
from foundation.values.csv_files import csv_file, written


def bad_rows_file(reader: FeedReader, reasons: Mapping[int, str]) -> Iterator[bytes]:
    """The file's own columns, then line and reason, as pieces. Bytes that are not UTF-8 become U+FFFD."""
    ours = [place for place, name in enumerate(reader.header.names) if header_name(name) in ADDED_BY_US]
    yield from written(_bad_rows(reader, reasons, set(ours)))


def _bad_rows(reader: FeedReader, reasons: Mapping[int, str], ours: set[int]) -> Iterator[list[str]]:
    names = reader.header.names
    yield [name for place, name in enumerate(names) if place not in ours] + list(ADDED_BY_US)
    for line in reader:
        if line.number in reasons:
            cells = [cell for place, cell in enumerate(line.cells) if place not in ours]
            cells += [""] * (len(names) - len(ours) - len(cells))
            yield [*cells, str(line.number), reasons[line.number]]


def example_file() -> bytes:
    """Two rows of one person: a completed course and a current one."""
    first = {column.name: column.example for column in COLUMNS}
    second = {
        **first, "programme_code": "MA-HIST", "programme_name": "MA Public History", "level": "postgraduate_taught",
        "year_of_study": "1", "start": "2026-09-14", "expected_end": "2027-09-10",
    }  # fmt: skip
    first |= {"status": "completed", "start": "2023-09-18", "expected_end": "2026-07-08", "completion": "2026-07-08"}
    rows = [[column.name for column in COLUMNS], *([row[column.name] for column in COLUMNS] for row in (first, second))]
    return csv_file(rows)
