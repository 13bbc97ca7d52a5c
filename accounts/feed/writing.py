"""Files that we give out: the rows that were refused, and the example."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from accounts.feed.columns import ADDED_BY_US, COLUMNS, header_name
from accounts.feed.reading import FeedReader

FORMULA = ("=", "+", "-", "@", "\t", "\r")
PIECE = 256 * 1024


def harmless(cell: str) -> str:
    """A spreadsheet program runs a cell that begins like a formula: an apostrophe stops it (OWASP, CSV injection)."""
    cell = cell.replace("\0", "\ufffd")
    return f"'{cell}" if cell.lstrip(" \n").startswith(FORMULA) else cell


def bad_rows_file(reader: FeedReader, reasons: Mapping[int, str]) -> Iterator[bytes]:
    """The columns as they came, then the line and the reason; in pieces. What was not UTF-8 becomes �."""
    ours = [place for place, name in enumerate(reader.header.names) if header_name(name) in ADDED_BY_US]
    yield from written(_bad_rows(reader, reasons, set(ours)))


def _bad_rows(reader: FeedReader, reasons: Mapping[int, str], ours: set[int]) -> Iterator[list[str]]:
    names = reader.header.names
    yield [harmless(name) for place, name in enumerate(names) if place not in ours] + list(ADDED_BY_US)
    for line in reader:
        if line.number in reasons:
            cells = [harmless(cell) for place, cell in enumerate(line.cells) if place not in ours]
            cells += [""] * (len(names) - len(ours) - len(cells))
            yield [*cells, str(line.number), reasons[line.number]]


def written(rows: Iterable[list[str]]) -> Iterator[bytes]:
    piece = io.StringIO()
    piece.write("\ufeff")  # without it, Excel takes the file for something other than UTF-8
    writer = csv.writer(piece)
    for row in rows:
        writer.writerow(row)
        if piece.tell() > PIECE:
            yield _bytes(piece)
            piece.seek(0)
            piece.truncate()
    yield _bytes(piece)


def _bytes(piece: io.StringIO) -> bytes:
    return piece.getvalue().encode("utf-8", "surrogateescape").decode("utf-8", "replace").encode()


def example_file() -> bytes:
    """Two rows of one person: a course completed, and one that goes on."""
    first = {column.name: column.example for column in COLUMNS}
    second = {
        **first, "programme_code": "MA-HIST", "programme_name": "MA Public History", "level": "postgraduate_taught",
        "year_of_study": "1", "start": "2026-09-14", "expected_end": "2027-09-10",
    }  # fmt: skip
    first |= {"status": "completed", "start": "2023-09-18", "expected_end": "2026-07-08", "completion": "2026-07-08"}
    rows = [[column.name for column in COLUMNS], *([row[column.name] for column in COLUMNS] for row in (first, second))]
    return csv_file(rows)


def csv_file(rows: Iterable[list[str]]) -> bytes:
    return b"".join(written(rows))
