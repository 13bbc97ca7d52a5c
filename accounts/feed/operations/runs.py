"""What a person does with a run: upload a file, approve its difference, or cancel it."""

import hashlib
import logging
import threading
from collections.abc import Iterable
from pathlib import Path

from celery import signature
from django.conf import settings
from django.db import transaction

from accounts.feed.operations.files import LARGEST, FeedFileTooLarge, pieces_of, store_file
from accounts.models import FeedRun, FeedSource, FeedState, FileKind, User
from accounts.operations.record_audit import record_audit
from foundation.outcomes.refusals import Refused, in_one_transaction

logger = logging.getLogger(__name__)


@in_one_transaction
def start_feed_run(
    *,
    pieces: Iterable[bytes],
    source: FeedSource,
    by: User | None,
    adds_programmes: bool = True,
    allows_large_change: bool = False,
    apply_when_checked: bool = False,
) -> FeedRun:
    """Stores the file for a worker to check. Raises Refused if it is too large or empty."""
    run = FeedRun.objects.create(
        source=source, started_by=by, file_hash="", file_size=0, adds_programmes=adds_programmes,
        allows_large_change=allows_large_change, apply_when_checked=apply_when_checked,
    )  # fmt: skip
    try:
        run.file_hash, run.file_size = store_file(run, FileKind.SENT, pieces)
    except FeedFileTooLarge as error:
        words = f"This file is larger than {LARGEST // 1024 // 1024} MB."
        raise Refused("feed_too_large", words, "Remove columns, or leave out people who left long ago.") from error
    if not run.file_size:
        raise Refused("feed_empty", "This file is empty.", "Choose the file that the student records system wrote.")
    run.save(update_fields=["file_hash", "file_size"])
    record_audit(
        actor=by, action="feed_started", on=run,
        source=str(source), file=run.file_hash[:16],
    )  # fmt: skip
    transaction.on_commit(nudge)
    return run


@in_one_transaction
def approve_feed_run(*, run: FeedRun, by: User | None, accepts_large_change: bool) -> None:
    """Approves a checked run.

    Refuses a large difference without `accepts_large_change`, and a run checked before another was applied.
    """
    run = FeedRun.objects.select_for_update().get(pk=run.pk)
    if run.state != FeedState.CHECKED or run.files_deleted_at:
        raise Refused("feed_not_checked", "This file is not waiting to be applied.", "Open it to see what happened.")
    if FeedRun.objects.filter(applied_at__gt=run.checked_at).exists():
        words = "Another file was applied after this one was checked."
        raise Refused("feed_overtaken", words, "Delete this file, or upload it again to see what it would change now.")
    if run.is_large_change and not accepts_large_change:
        words = "This file would change more people than expected."
        raise Refused("feed_large_change", words, "Look at the numbers and confirm that they are right.", status=422)
    run.state, run.approved_by, run.attempts = FeedState.APPROVED, by, 0
    run.allows_large_change = run.is_large_change
    run.save(update_fields=["state", "approved_by", "attempts", "allows_large_change"])
    record_audit(actor=by, action="feed_approved", on=run, is_large=run.is_large_change)
    transaction.on_commit(nudge)


@in_one_transaction
def cancel_feed_run(*, run: FeedRun, by: User) -> None:
    """Cancels a run that was not applied yet and deletes its files at once."""
    run = FeedRun.objects.select_for_update().get(pk=run.pk)
    if run.state not in (FeedState.WAITING, FeedState.CHECKED):
        raise Refused("feed_not_waiting", "This file can no longer be deleted.", "Open it to see what happened.")
    run.state = FeedState.CANCELLED
    run.save(update_fields=["state"])
    run.files.all().delete()
    run.changes.filter(applied_at__isnull=True).delete()
    record_audit(actor=by, action="feed_cancelled", on=run)


def start_nightly_run() -> FeedRun | None:
    """Starts a run with the file at FEED_FILE, if it exists and differs from the last one.

    It is applied automatically unless the difference is large.
    """
    path = Path(settings.FEED_FILE) if settings.FEED_FILE else None
    if path is None or not path.is_file():
        return None
    with path.open("rb") as file:
        seen = FeedRun.objects.exclude(state=FeedState.CANCELLED).first()
        if seen and seen.file_hash == hashlib.file_digest(file, "sha256").hexdigest():
            return None
        file.seek(0)
        return start_feed_run(pieces=pieces_of(file), source=FeedSource.NIGHTLY, by=None, apply_when_checked=True)


def nudge() -> None:
    """Tells a worker from a background thread, so that a hung Redis delays nobody.

    Beat also looks every ten seconds.
    """
    if settings.MESSAGING_NUDGE:
        threading.Thread(target=_publish, name="feed-nudge", daemon=True).start()


def _publish() -> None:
    try:
        signature("accounts.work_on_feeds").apply_async(expires=60.0, retry=False, ignore_result=True)
    except Exception as failure:  # the broker may raise many exceptions; the sweep finds the run
        logger.warning("feed not announced to the workers: %s", type(failure).__name__)
