"""Copies the file into temporary tables of this connection: usable rows, and bad rows with the reason."""

import io
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date
from itertools import islice
from operator import attrgetter, itemgetter

from django.db import connection
from django.utils import timezone

from accounts.feed.dates import DateOrder
from accounts.feed.reading import FeedLine, FeedReader, Header
from accounts.feed.rows import DAYS, BadCell, CleanRow, UnusablePhone, clean, usable_id, usable_phone
from foundation.values.public_ids import new_public_id

AT_ONCE = 2000
values_of = attrgetter(*(field.name for field in fields(CleanRow)))
"""As `astuple`, which copies each value: a second for 55,000 rows."""

TABLES = ("feed_row", "feed_bad", "feed_refused", "feed_person", "feed_course", "feed_gone", "feed_leaver",
          "feed_school", "feed_programme")  # fmt: skip

CREATE_TABLES = """
CREATE TEMPORARY TABLE feed_row (
    line integer, public_id text, university_id text, given_name text, family_name text, preferred_name text,
    email text, phone text, school text, faculty text, programme_code text, programme_name text,
    has_placement_year boolean, level text, mode text, status text, fee_status text, year_of_study smallint,
    started_on date, expected_end_on date, completed_on date,
    date_reads_both_ways boolean);
CREATE TEMPORARY TABLE feed_bad (line integer, university_id text, reason text);
"""

REFUSE_DATES = """
WITH refused AS (DELETE FROM pg_temp.feed_row WHERE date_reads_both_ways RETURNING line, university_id)
INSERT INTO pg_temp.feed_bad SELECT line, university_id, %s FROM refused
"""
"""One file writes its dates in one way. The order is known only after the last row."""


class Staged:
    """How many rows the file has, how many telephone numbers were ignored, and whether the file ends within a row."""

    def __init__(self) -> None:
        self.rows = self.unusable_phones = 0
        self.is_cut = False
        self.dates = DateOrder()


def drop_stage() -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")


def stage(reader: FeedReader, tell: Callable[[], None]) -> Staged:
    """Calls `tell` after every AT_ONCE rows, the most that are in memory at a time. Raises FileUnreadable."""
    drop_stage()
    with connection.cursor() as cursor:
        cursor.execute(CREATE_TABLES)
    staged, lines, today = Staged(), iter(reader), timezone.localdate()
    while portion := list(islice(lines, AT_ONCE)):
        _copy_portion(portion, reader.header, staged, today)
        tell()
    with connection.cursor() as cursor:
        if staged.dates.reason:
            cursor.execute(REFUSE_DATES, [staged.dates.reason])
        cursor.execute("CREATE INDEX ON pg_temp.feed_row (university_id); ANALYZE pg_temp.feed_row, pg_temp.feed_bad")
    return staged


def _copy_portion(portion: list[FeedLine], header: Header, staged: Staged, today: date) -> None:
    good: list[tuple[object, ...]] = []
    bad: list[tuple[object, ...]] = []
    for line in portion:
        cells = line.by_name(header)
        in_doubt = staged.dates.reads_both_ways(line.number, (cells.get(name, "") for name in DAYS))
        try:
            if line.problem:
                raise BadCell(line.problem)
            row = clean(cells, today)
            _read_phone(row, staged)
            good.append((line.number, new_public_id(), *values_of(row), in_doubt))
        except BadCell as problem:
            known = "" if line.is_cut else usable_id(cells.get("university_id", ""))
            bad.append((line.number, known or None, str(problem)))
    staged.rows += len(portion)
    staged.is_cut = portion[-1].is_cut
    copy_rows("feed_row", good)
    copy_rows("feed_bad", bad)


def _read_phone(row: CleanRow, staged: Staged) -> None:
    try:
        row.phone = None if row.phone is None else usable_phone(row.phone)
    except UnusablePhone:
        row.phone = None
        staged.unusable_phones += 1


ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(table: str, rows: Iterable[tuple[object, ...]]) -> None:
    text = io.StringIO()
    for row in rows:
        text.write("\t".join("\\N" if cell is None else str(cell).translate(ESCAPED) for cell in row))
        text.write("\n")
    text.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY pg_temp.{table} FROM STDIN", text)


def bad_lines() -> dict[int, str]:
    """Line → reason for every row of the file of refused rows, including good rows of a refused person."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT line, reason FROM pg_temp.feed_bad
            UNION ALL
            SELECT r.line, CASE WHEN f.line = r.line THEN f.reason
                           ELSE left('Another row of this person, line ' || f.line || ': ' || f.reason, 300) END
            FROM pg_temp.feed_row r JOIN pg_temp.feed_refused f USING (university_id)
            """
        )
        return dict(map(itemgetter(0, 1), cursor.fetchall()))
