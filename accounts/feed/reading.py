"""Reads the file's bytes into rows: encoding, delimiter, header, quoting. Memory use does not grow with the file."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO

from accounts.feed.columns import ADDED_BY_US, COLUMNS, Column, header_name

DELIMITERS = (",", ";", "\t", "|")
EXCEL_HINT = re.compile(r'"?sep=[,;\t|]?"?', re.IGNORECASE)
"""A first line for Excel alone, which names the delimiter."""

LINES_BEFORE, LONGEST_HEADER = 5, 20_000
LINE_ENDS = ("\n", "\r")
OTHER_FILES = {b"PK\x03\x04": "an Excel workbook or another ZIP archive", b"\x1f\x8b": "compressed with gzip",
               b"BZh": "compressed with bzip2", b"\xd0\xcf\x11\xe0": "an old Excel workbook", b"%PDF": "a PDF",
               b"<": "a web page or another XML file", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}  # fmt: skip
"""First bytes of files that are no CSV."""


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

    def by_name(self, header: Header) -> dict[str, str]:
        """The known columns' cells. A row that is shorter than the header lacks its last ones."""
        return {name: self.cells[place] for name, place in header.places.items() if place < len(self.cells)}


class FeedReader:
    """Iterates over the lines of a file. The constructor checks the header and raises FileUnreadable.

    Other files are read the same way by passing their own `columns`.
    """

    def __init__(self, binary: IO[bytes], columns: Sequence[Column] = COLUMNS) -> None:
        self._text = io.TextIOWrapper(binary, encoding="utf-8-sig", errors="surrogateescape", newline="")
        self._before = 0
        self.header = _header(self._header_line(), columns)
        self._width = len(self.header.names)
        required = [self.header.places[column.name] for column in columns if column.required]
        self._least = 1 + max(required)
        self._surplus: int | None = None
        self._ended = True
        self._rows = csv.reader(self._lines(), delimiter=self.header.delimiter, strict=True)

    def _lines(self) -> Iterator[str]:
        for line in self._text:
            self._ended = line.endswith(LINE_ENDS)
            yield line

    def _header_line(self) -> str:
        """The first line that is neither blank nor a hint for Excel."""
        for self._before in range(1, LINES_BEFORE + 2):
            line = self._text.readline(LONGEST_HEADER).lstrip("\ufeff")
            _require_text(line)
            if line.strip() and not EXCEL_HINT.fullmatch(line.strip()):
                return line
        raise FileUnreadable("This file is empty: its first line must name the columns.")

    def __iter__(self) -> Iterator[FeedLine]:
        """Skips blank lines. Raises FileUnreadable at the first broken quotation mark: what follows it may be the
        inside of a cell, and would be read as rows.
        """
        before: FeedLine | None = None
        for line in self._read():
            if before is not None:
                yield _in_doubt(before) if line is not None and self._continues(before, line) else before
            before = line
        if before is not None:
            yield before

    def _read(self) -> Iterator[FeedLine | None]:
        """None for a blank line."""
        while True:
            number = self._rows.line_num + self._before + 1
            try:
                cells = next(self._rows)
            except StopIteration:
                return
            except csv.Error as error:
                raise FileUnreadable(_unreadable(number, str(error))) from error
            if not any(cell.strip() for cell in cells):
                yield None
                continue
            if any(_holds_a_row(cell, self.header.delimiter, self._width) for cell in cells):
                raise FileUnreadable(_unreadable(number, ""))
            problem = self._problem(cells)
            yield FeedLine(number, cells if problem else cells[: self._width], problem, not self._ended)

    def _problem(self, cells: list[str]) -> str:
        if not self._ended:
            return "The file ends in the middle of this row. Every row, also the last, ends with a line break."
        if not self._fits(cells):
            first = f"first row has {self._width + self._surplus}" if self._surplus else f"header has {self._width}"
            return f"This row has {len(cells)} cells where the {first}."
        if any(cell.count('"') % 2 for cell in cells):
            return "A quotation mark is missing in this row."
        return ""

    def _fits(self, cells: list[str]) -> bool:
        """Every row may end with the same number of empty cells too many. Otherwise a row may end early, if it has
        every column that is needed.
        """
        extra = cells[self._width :]
        if self._surplus is None:
            self._surplus = 0 if any(extra) else len(extra)
        if self._surplus or extra:
            return len(extra) == self._surplus and not any(extra)
        return len(cells) >= self._least

    def _continues(self, before: FeedLine, line: FeedLine) -> bool:
        """Whether `line` may be the rest of `before`, which has a line break within a cell."""
        return (
            not line.is_cut and len(line.cells) < self._least and len(before.cells) + len(line.cells) - 1 <= self._width
        )


def _in_doubt(line: FeedLine) -> FeedLine:
    return replace(line, problem=line.problem or "This row seems to continue in the next line.")


def _require_text(line: str) -> None:
    """Raises FileUnreadable for what is not UTF-8 text, and calls it by its name."""
    begins = line[:8].encode(errors="surrogateescape")
    named = (what for magic, what in OTHER_FILES.items() if begins.startswith(magic))
    what = next(named, "UTF-16" if "\0" in line else "")
    if what:
        raise FileUnreadable(f"This file is {what}. Save it as “CSV UTF-8” and send it again.")
    if any("\udc80" <= letter <= "\udcff" for letter in line):
        raise FileUnreadable("The header of this file is not UTF-8. Save it as “CSV UTF-8” and send it again.")


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
