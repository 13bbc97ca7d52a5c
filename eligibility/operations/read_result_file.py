"""Imports results from a CSV file, with the student feed's reader, so that both files follow the same format."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from accounts.feed.columns import Column
from accounts.feed.dates import DateOrder
from accounts.feed.reading import FeedReader
from accounts.feed.rows import BadCell, day, text, usable_id, within
from accounts.feed.writing import bad_rows_file
from accounts.models import User
from eligibility.operations.record_results import Recorded, record_results
from eligibility.rules.activity_results import SentResult
from foundation.values.csv_files import csv_file

COLUMNS = (
    Column("university_id", "The person’s permanent number. We identify people by it.", "S1000001", True),
    Column("activity", "The activity’s short name, as in its definition.", "cv-essentials", True),
    Column("completed_on", "The day it was completed: 2026-10-03 or 03/10/2026.", "2026-10-03"),
    Column("score", "A whole number on the activity’s scale.", ""),
    Column("count", "How many times attended, altogether.", ""),
)


@dataclass(frozen=True, slots=True)
class ReadResults:
    """`reasons`: line → why the row was refused. `unknown`: ignored columns."""

    recorded: Recorded
    reasons: Mapping[int, str]
    unknown: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        return {**self.recorded.counts, "refused": len(self.reasons)}


def import_results(*, file: IO[bytes], by: User | None, dry_run: bool) -> ReadResults:
    """Raises FileUnreadable if the whole file cannot be used. A bad row does not stop the others."""
    reader = FeedReader(file, COLUMNS)
    reasons: dict[int, str] = {}
    rows = _rows(reader, reasons)
    recorded = record_results(rows=rows, by=by, dry_run=dry_run)
    reasons |= {outcome.sent.number: outcome.reason for outcome in recorded.refused}
    return ReadResults(recorded, reasons, reader.header.unknown)


def refused_rows(body: bytes, reasons: Mapping[int, str]) -> Iterator[bytes]:
    """The refused rows as sent, each with its line and the reason."""
    return bad_rows_file(FeedReader(io.BytesIO(body), COLUMNS), reasons)


def example_results() -> bytes:
    rows = [["S1000001", "cv-essentials", "2026-10-03", "", ""], ["S1000001", "cv-score", "", "82", ""],
            ["S1000002", "employer-sessions", "", "", "3"]]  # fmt: skip
    return csv_file([[column.name for column in COLUMNS], *rows])


def _rows(reader: FeedReader, reasons: dict[int, str]) -> list[SentResult]:
    """The usable rows; the others are added to `reasons`."""
    dates, both_ways, rows = DateOrder(), set[int](), list[SentResult]()
    for line in reader:
        cells = line.by_name(reader.header)
        if dates.reads_both_ways(line.number, [cells.get("completed_on", "")]):
            both_ways.add(line.number)
        try:
            if line.problem:
                raise BadCell(line.problem)
            rows.append(_row(line.number, cells))
        except BadCell as problem:
            reasons[line.number] = str(problem)
    if not dates.reason:
        return rows
    reasons |= dict.fromkeys(both_ways - reasons.keys(), dates.reason)
    return [row for row in rows if row.number not in both_ways]


def _row(number: int, cells: Mapping[str, str]) -> SentResult:
    said = {name: text(name, cell) for name, cell in cells.items()}
    if not usable_id(said["university_id"]):
        raise BadCell("The university_id is empty, too long, or has signs other than letters, digits and . _ / -")
    return SentResult(
        number=number,
        university_id=said["university_id"],
        activity=within("activity", said["activity"], 60),
        completed_on=day("completed_on", said.get("completed_on", "")),
        score=_number("score", said.get("score", "")),
        count=_number("count", said.get("count", "")),
    )


def _number(name: str, cell: str) -> int | None:
    """Accepts `82.0`, which spreadsheets like to write."""
    if not cell:
        return None
    found = re.fullmatch(r"(\d{1,5})(?:\.0+)?", cell, re.ASCII)
    if found is None:
        raise BadCell(f"The {name} is not a whole number.")
    return int(found[1])
