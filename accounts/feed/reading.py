"""Reads the file's bytes into rows: encoding, delimiter, header, quoting. Memory use does not grow with the file."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from accounts.feed.columns import ADDED_BY_US, COLUMNS, Column, header_name

DELIMITERS = (",", ";", "\t")
LONGEST_HEADER = 20_000
LINE_ENDS = ("\n", "\r")
OTHER_FILES = {"PK\x03\x04": "an Excel workbook or another ZIP archive", "\x1f\udc8b": "compressed with gzip",
               "\udcd0\udccf\x11\udce0": "an old Excel workbook", "%PDF": "a PDF"}  # fmt: skip
"""First bytes of files that are no CSV, as the decoder shows them."""


class FileUnreadable(Exception):
    """The whole file cannot be used; the message says why in one sentence."""


@dataclass(frozen=True, slots=True)
class Header:
    """`places`: column name → index in the row. `names`: as spelled in the file. `unknown`: ignored columns."""

    delimiter: str
    places: dict[str, int]
    names: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeedLine:
    """One row, with the number of its first line in the file. `problem` is a fault found while reading.

    `is_cut`: the file ends in the middle of this row, so that not even its id may be believed.
    """

    number: int
    cells: list[str]
    problem: str = ""
    is_cut: bool = False


class FeedReader:
    """Iterates over the lines of a file. The constructor checks the header and raises FileUnreadable.

    Other files are read the same way by passing their own `columns`.
    """

    def __init__(self, binary: IO[bytes], columns: Sequence[Column] = COLUMNS) -> None:
        self._text = io.TextIOWrapper(binary, encoding="utf-8-sig", errors="surrogateescape", newline="")
        first = self._first_line()
        self.header = _header(first, columns)
        self._ended = True
        self._rows = csv.reader(self._lines(), delimiter=self.header.delimiter, strict=True)

    def _lines(self) -> Iterator[str]:
        for line in self._text:
            self._ended = line.endswith(LINE_ENDS)
            yield line

    def _first_line(self) -> str:
        line = self._text.readline(LONGEST_HEADER)
        for begins, what in OTHER_FILES.items():
            if line.startswith(begins):
                raise FileUnreadable(f"This file is {what}. Save it as “CSV UTF-8” and send it again.")
        if line.startswith(("\udcff\udcfe", "\udcfe\udcff")) or "\0" in line:
            raise FileUnreadable("This file is UTF-16. Save it as “CSV UTF-8” and send it again.")
        if any("\udc80" <= letter <= "\udcff" for letter in line):
            raise FileUnreadable("The header of this file is not UTF-8. Save it as “CSV UTF-8” and send it again.")
        if not line.strip():
            raise FileUnreadable("This file is empty: its first line must name the columns.")
        return line

    def __iter__(self) -> Iterator[FeedLine]:
        """Skips blank lines. Raises FileUnreadable at the first broken quotation mark: what follows it may be the
        inside of a cell, and would be read as rows.
        """
        width = len(self.header.names)
        while True:
            number = self._rows.line_num + 2
            try:
                cells = next(self._rows)
            except StopIteration:
                return
            except csv.Error as error:
                raise FileUnreadable(_unreadable(number, str(error))) from error
            if not any(cell.strip() for cell in cells):
                continue
            if any(_holds_a_row(cell, self.header.delimiter, width) for cell in cells):
                raise FileUnreadable(_unreadable(number, ""))
            yield FeedLine(number, cells, self._problem(cells, width), not self._ended)

    def _problem(self, cells: list[str], width: int) -> str:
        if not self._ended:
            return "The file ends in the middle of this row. Every row, also the last, ends with a line break."
        if len(cells) != width:
            return f"This row has {len(cells)} cells where the header has {width}."
        if any(cell.count('"') % 2 for cell in cells):
            return "A quotation mark is missing in this row."
        return ""


def _unreadable(number: int, error: str) -> str:
    wrong = "its quotation marks are wrong, or a cell is far too long"
    why = "a quotation mark is never closed" if "unexpected end" in error else wrong
    return f"From line {number} on this file cannot be read: {why}."


def _holds_a_row(cell: str, delimiter: str, width: int) -> bool:
    """Whether a quoted cell goes on over a line break as long as a row: one quotation mark was lost, and the next one
    closed the cell."""
    return ("\n" in cell or "\r" in cell) and cell.count(delimiter) >= width - 1


def _header(first: str, columns: Sequence[Column]) -> Header:
    """Chooses the delimiter that gives the most known column names."""
    ours = {column.name for column in columns}
    tried = {delimiter: _cells(first, delimiter) for delimiter in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda each: len(ours & set(map(header_name, tried[each]))))
    names = tried[delimiter]
    known = [header_name(cell) for cell in names]
    missing = [column.name for column in columns if column.required and column.name not in known]
    if missing:
        raise FileUnreadable(f"Columns that must be there are missing: {', '.join(missing)}.")
    twice = sorted({name for name in known if name in ours and known.count(name) > 1})
    if twice:
        raise FileUnreadable(f"Columns stand twice: {', '.join(twice)}.")
    unknown = [cell.strip()[:60] for cell, name in zip(names, known, strict=True) if _is_unknown(name, ours)]
    return Header(delimiter, {name: known.index(name) for name in known if name in ours}, tuple(names), (*unknown,))


def _is_unknown(name: str, ours: set[str]) -> bool:
    return name not in ours and name not in ADDED_BY_US and bool(name)


def _cells(first: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([first], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        return []
