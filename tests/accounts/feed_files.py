"""Small student feeds for tests, and helpers to apply them."""

from __future__ import annotations

import csv
import io
from typing import Any

from accounts.feed.columns import COLUMNS
from accounts.feed.operations.files import stored_pieces
from accounts.feed.operations.runs import approve_feed_run, start_feed_run
from accounts.feed.operations.work import work_on_waiting_runs
from accounts.models import Enrolment, FeedRun, FeedSource, FeedState, FileKind, User

NAMES = [column.name for column in COLUMNS]
AMARA = {column.name: column.example for column in COLUMNS}


def person(number: int, **said: str) -> dict[str, str]:
    """A row for a second-year history student; `said` overrides columns."""
    own = {"university_id": f"F{number:07d}", "email": f"p{number}@example.ac.uk", "family_name": f"Person{number}"}
    return {**AMARA, "preferred_name": "", **own, **said}


def file_of(*rows: dict[str, str], names: list[str] | None = None, delimiter: str = ",", end: str = "\r\n") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, names or NAMES, delimiter=delimiter, lineterminator=end, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def check(body: bytes, **options: Any) -> FeedRun:
    run = start_feed_run(pieces=[body], source=FeedSource.PAGE, by=None, **options)
    work_on_waiting_runs()
    run.refresh_from_db()
    return run


def send_in(body: bytes, **options: Any) -> FeedRun:
    """Checks and applies a feed, however much it changes."""
    run = check(body, **options)
    assert run.state == FeedState.CHECKED, run.problem
    approve_feed_run(run=run, by=None, accepts_large_change=True)
    work_on_waiting_runs()
    run.refresh_from_db()
    assert run.state == FeedState.APPLIED, run.problem
    return run


def feed(*rows: dict[str, str], **options: Any) -> FeedRun:
    return send_in(file_of(*rows), **options)


def numbers(run: FeedRun) -> tuple[int, ...]:
    """Counts: new, changed, unchanged, leavers, refused."""
    return tuple(run.counts[key] for key in ("new", "changed", "unchanged", "leavers", "refused"))


def bad_rows(run: FeedRun) -> list[dict[str, str]]:
    body = b"".join(stored_pieces(run, FileKind.BAD_ROWS)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body, newline="")))


def reasons(run: FeedRun) -> dict[str, str]:
    """Maps line to reason."""
    return {row["line"]: row["reason"] for row in bad_rows(run)}


def someone(number: int) -> User:
    return User.objects.get(university_id=f"F{number:07d}")


def everything() -> list[tuple[Any, ...]]:
    """Everything that a feed may change, except our own ids and the date."""
    people = User.objects.order_by("university_id").values_list(
        "university_id", "email", "given_name", "family_name", "preferred_name", "phone", "roles", "left_feed_on"
    )
    courses = Enrolment.objects.order_by("student__university_id", "programme__code", "started_on").values_list(
        "student__university_id", "programme__code", "programme__name", "programme__school__name", "level", "mode",
        "status", "fee_status", "year_of_study", "started_on", "expected_end_on", "completed_on", "left_feed_on",
    )  # fmt: skip
    return [*people, *courses]
