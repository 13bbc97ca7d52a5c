"""Reads who attended a webinar, and for how long, from the reports of Zoom and Microsoft Teams. Writes nothing.

Both put several tables into one file, each with a header of its own. Of these we read the tables that have an address
and a duration. Teams repeats everybody in its table of activities, whose column is called `Duration` only, so that one
is passed over. Teams writes UTF-16 with tabs, Zoom UTF-8 with commas.
"""

import csv
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

EMAIL = ("email", "user email", "email address", "registration email", "participant id (upn)")
NAME = ("name", "full name", "user name (original name)", "name (original name)", "user name")
MINUTES = ("in-meeting duration", "time in session (minutes)", "total duration (minutes)", "duration (minutes)")
"""Names of columns, in the order in which we prefer them."""

PART = re.compile(r"(\d{1,5}) ?([hms])")
SECONDS = {"h": 3600, "m": 60, "s": 1}
"""`1h 27m 51s`, as Teams writes it."""

BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
LONGEST = 300
"""Characters of a name or address that we look at."""


class ReportUnreadable(Exception):
    """The whole file cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Attended:
    """Somebody in a report. `minutes` is the sum of all their rows: whoever joins twice has two."""

    name: str
    email: str
    minutes: int


def read_reports(*contents: bytes) -> list[Attended]:
    """Everybody who was there for any time, in the order of the files: a webinar that was interrupted has several.

    Raises ReportUnreadable. Limit: somebody who joined from two devices at once has both times. Whoever records it caps
    the sum.
    """
    rows = [row for content in contents for row in _tables(_lines(content))]
    seconds: dict[tuple[str, str], float] = {}
    names: dict[tuple[str, str], str] = {}
    for row in rows:
        email, name = _first(row, EMAIL).lower(), _first(row, NAME)
        who = (email, "" if email else name.lower())
        if not any(who):
            continue
        names.setdefault(who, name)
        seconds[who] = seconds.get(who, 0) + _seconds(row)
    return [Attended(names[who], who[0], math.ceil(there / 60)) for who, there in seconds.items() if there > 0]


def _lines(content: bytes) -> list[str]:
    encoding = next((name for mark, name in BYTE_ORDER_MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise ReportUnreadable("This file is no text. Choose the report as Zoom or Teams saves it (CSV).") from None
    if "\0" in text:
        raise ReportUnreadable("This file is no text. Choose the report as Zoom or Teams saves it (CSV).")
    return text.splitlines()


def _tables(lines: list[str]) -> list[dict[str, str]]:
    """The rows of all tables that have an address and a duration."""
    found: list[dict[str, str]] = []
    header: list[str] = []
    is_known = False
    for cells in _cells(lines):
        known = [cell.strip().casefold() for cell in cells]
        if _is_header(known):
            header, is_known = known, True
        elif len([cell for cell in known if cell]) < 2:
            header = []
        elif header:
            found.append(dict(zip(header, (cell.strip()[:LONGEST] for cell in cells), strict=False)))
    if not is_known:
        raise ReportUnreadable("This file has no table with an email address and a duration of each person.")
    return found


def _cells(lines: Iterable[str]) -> Iterator[list[str]]:
    rows = list(lines)
    delimiter = "\t" if sum("\t" in line for line in rows) * 2 > len(rows) else ","
    try:
        yield from csv.reader(rows, delimiter=delimiter)
    except csv.Error as error:
        raise ReportUnreadable("This file is no CSV that we can read.") from error


def _is_header(known: list[str]) -> bool:
    return not {*EMAIL}.isdisjoint(known) and not {*MINUTES}.isdisjoint(known)


def _first(row: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _seconds(row: Mapping[str, str]) -> float:
    """`--` and other cells without a time are nothing: they registered and did not come."""
    cell = _first(row, MINUTES)
    if re.fullmatch(r"\d{1,5}(\.\d+)?", cell, re.ASCII):
        return float(cell) * 60
    return sum(int(many) * SECONDS[unit] for many, unit in PART.findall(cell.lower()))
