"""Checks waiting runs and applies approved ones. A session-level advisory lock lets one worker do so at a time.

If the worker is killed, the lock ends with its connection. The next worker repeats the run's step and finds only what
is left to do.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BufferedReader
from itertools import takewhile
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Count, F

from accounts.feed.operations.apply import (
    BATCH,
    apply_batch,
    apply_catalogue,
    apply_leavers,
    batches,
    leavers,
    note_difference,
)
from accounts.feed.operations.compare import SHOWN, FeedDifference, compare
from accounts.feed.operations.files import SentFeedFile, store_file
from accounts.feed.operations.spellings import use_known_spellings
from accounts.feed.operations.stage import Staged, bad_lines, drop_stage, stage
from accounts.feed.reading import FeedReader, FileUnreadable
from accounts.feed.writing import bad_rows_file
from accounts.models import ChangeKind, FeedRun, FeedState, FileKind
from accounts.operations.record_audit import record_audit
from accounts.rules.policy import policy_in_force
from foundation.db.advisory_lock import advisory_lock as locked
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now

LOCK = 7_310_040
"""Key of the advisory lock: one import at a time."""

ATTEMPTS = 3
TRIES, PAUSE = 3, 0.5
BUSY = ("feed_running", "Another student feed is being worked on.", "Try again when it has finished.")


@contextmanager
def import_lock(wait: float = 0.0, waits: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Raises Refused if another worker has the lock, and still after `wait` seconds. `waits` is told once."""
    with locked(LOCK, wait, waits) as had:
        if not had:
            raise Refused(*BUSY)
        try:
            yield
        finally:
            if connection.connection is not None and not connection.connection.closed:
                drop_stage()


def work_on_waiting_runs() -> int:
    """Works on all waiting runs, oldest first, and returns how many steps it took.

    Does nothing while another worker runs.
    """
    steps = 0
    try:
        with import_lock():
            while run := FeedRun.objects.to_do().order_by("pk").first():
                work_on(run)
                steps += 1
    except Refused:
        pass
    return steps


def work_on(run: FeedRun) -> None:
    """Checks or applies a run, under the lock. After three attempts that never ended, the run is refused."""
    if not _begin(run):
        return
    if run.state == FeedState.CHECKING:
        check_run(run)
        if run.state == FeedState.CHECKED and run.apply_when_checked and not run.is_large_change:
            approve(run)
    else:
        apply_run(run)


def approve(run: FeedRun) -> None:
    run.state, run.attempts = FeedState.APPROVED, 0
    run.save(update_fields=["state", "attempts"])


@transaction.atomic
def _begin(run: FeedRun) -> bool:
    locked = FeedRun.objects.select_for_update().get(pk=run.pk)
    if locked.attempts >= ATTEMPTS:
        words = "It was begun three times and never came to its end. What it had applied until then stays."
        _refuse(run, words)
        return False
    checks = locked.state in (FeedState.WAITING, FeedState.CHECKING)
    state = FeedState.CHECKING if checks else FeedState.APPLYING
    FeedRun.objects.filter(pk=run.pk).update(state=state, attempts=F("attempts") + 1)
    run.refresh_from_db()
    return locked.is_to_do


def _refuse(run: FeedRun, words: str) -> None:
    run.state, run.problem, run.phase = FeedState.REFUSED, words[:500], ""
    run.save(update_fields=["state", "problem", "phase"])
    record_audit(actor=None, action="feed_refused", on=run)


def progress(run: FeedRun, phase: str, done: int, total: int) -> None:
    run.phase, run.done, run.total = phase, done, total
    run.save(update_fields=["phase", "done", "total"])


def check_run(run: FeedRun) -> None:
    """Leaves the run checked, with its difference and file of refused rows, or refused with a one-sentence reason."""
    try:
        staged, difference = read_and_compare(run)
    except FileUnreadable as problem:
        _refuse(run, str(problem))
        return
    if not staged.rows:
        _refuse(run, "This file names its columns, but nobody: there is not one row.")
        return
    finish_check(run, staged, difference)
    if not any(difference.counts[each] for each in ("new", "changed", "unchanged")):
        _refuse(run, "Every row of this file was refused. Download the refused rows to see why.")


def read_and_compare(run: FeedRun) -> tuple[Staged, FeedDifference]:
    file = SentFeedFile(run)
    reader = FeedReader(BufferedReader(file, 128 * 1024))
    staged = stage(reader, lambda: progress(run, "reading", file.read_bytes, run.file_size))
    run.report = {
        **run.report,
        "unknown_columns": list(reader.header.unknown),
        "unusable_phones": staged.unusable_phones,
        "delimiter": reader.header.delimiter,
        "other_spellings": use_known_spellings()[:SHOWN],
        "ends_within_a_row": staged.is_cut,
    }
    progress(run, "comparing", 0, 0)
    return staged, compare(adds_programmes=run.adds_programmes)


def is_large(staged: Staged, difference: FeedDifference) -> bool:
    policy = policy_in_force()
    lately = changed_lately(policy.feed_large_change_days)
    return difference.is_large(policy.feed_large_change_percent, lately=lately, is_cut=staged.is_cut)


def changed_lately(days: int) -> int:
    """How many people the runs of the last days touched, since somebody last decided about a large change."""
    recent = FeedRun.objects.filter(state=FeedState.APPLIED, applied_at__gte=database_now() - timedelta(days=days))
    undecided = takewhile(lambda run: not run.allows_large_change, recent.order_by("-applied_at"))
    return sum(int(run.counts["leavers"]) + int(run.counts.get("touched", 0)) for run in undecided)


@transaction.atomic
def finish_check(run: FeedRun, staged: Staged, difference: FeedDifference) -> None:
    bad = bad_lines()
    note_difference(run)
    store_bad_rows(run, bad)
    run.file_rows, run.checked_at = staged.rows, database_now()
    run.counts = {**difference.counts, "bad_rows": len(bad), "fields": difference.fields}
    run.report = {**run.report, **difference.catalogue}
    run.is_large_change = is_large(staged, difference)
    run.state, run.phase, run.attempts = FeedState.CHECKED, "", 0
    run.save()
    details: dict[str, Any] = difference.counts
    record_audit(
        actor=run.started_by, action="feed_checked", on=run,
        rows=staged.rows, bad_rows=len(bad), is_large=run.is_large_change, **details,
    )  # fmt: skip


def store_bad_rows(run: FeedRun, bad: dict[int, str]) -> None:
    run.files.filter(kind=FileKind.BAD_ROWS).delete()
    if bad:
        reader = FeedReader(BufferedReader(SentFeedFile(run), 128 * 1024))
        store_file(run, FileKind.BAD_ROWS, bad_rows_file(reader, bad))


def apply_run(run: FeedRun) -> None:
    """Reads and compares again, because people may have changed since, or a killed worker applied a part.

    If somebody takes an address or id meanwhile, the batch violates a constraint and everything is compared again.
    """
    staged, difference = read_and_compare(run)
    for tries_left in reversed(range(TRIES)):
        if _needs_approval_again(run, staged, difference):
            return None
        try:
            apply_difference(run, difference)
            return finish(run, difference)
        except (IntegrityError, OperationalError) as error:
            if not tries_left or connection.in_atomic_block or not _can_be_retried(error):
                raise
            time.sleep(PAUSE)
            difference = compare(adds_programmes=run.adds_programmes)
    return None


def _can_be_retried(error: Exception) -> bool:
    """Whether to try again: deadlock, serialisation failure, lock timeout, or a constraint violated by a concurrent
    change.
    """
    return isinstance(error, IntegrityError) or getattr(error.__cause__, "pgcode", "") in {"40P01", "40001", "55P03"}


def _needs_approval_again(run: FeedRun, staged: Staged, difference: FeedDifference) -> bool:
    """If the difference has become large since it was checked, the run goes back to a person to decide."""
    begun = run.changes.filter(applied_at__isnull=False).exists()
    large = is_large(staged, difference)
    if not large or run.allows_large_change or begun:
        return False
    finish_check(run, staged, difference)
    return True


def apply_difference(run: FeedRun, difference: FeedDifference) -> None:
    note_difference(run)
    apply_catalogue()
    done, total = 0, difference.counts["new"] + difference.counts["changed"] + difference.counts["leavers"]
    for batch, size in batches():
        progress(run, "applying", done, total)
        apply_batch(run, batch)
        done += size
    for after in range(0, leavers(), BATCH):
        progress(run, "applying", done + after, total)
        apply_leavers(run, after)


@transaction.atomic
def finish(run: FeedRun, difference: FeedDifference) -> None:
    """Saves the totals of all attempts."""
    bad = bad_lines()
    store_bad_rows(run, bad)
    applied = dict(
        run.changes.filter(applied_at__isnull=False).order_by().values_list("kind").annotate(number=Count("pk"))
    )
    counts: dict[str, Any] = {
        "new": applied.get(ChangeKind.NEW, 0),
        "changed": applied.get(ChangeKind.CHANGED, 0),
        "leavers": applied.get(ChangeKind.LEAVER, 0),
    }
    listed = sum(difference.counts[each] for each in ("new", "changed", "unchanged"))
    counts |= {"unchanged": listed - counts["new"] - counts["changed"], "refused": difference.counts["refused"]}
    run.counts = {**run.counts, **counts, "bad_rows": len(bad)}
    run.state, run.phase, run.applied_at = FeedState.APPLIED, "", database_now()
    run.save()
    record_audit(
        actor=run.approved_by, action="feed_applied", on=run,
        file=run.file_hash[:16], **counts,
    )  # fmt: skip
