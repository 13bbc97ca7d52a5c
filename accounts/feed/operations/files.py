"""The files of a run, stored as compressed pieces in the database for `feed_file_days` days."""

import hashlib
import io
import zlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import IO

from django.db import transaction

from accounts.models import FeedChange, FeedFile, FeedRun, FeedState, FileKind, User
from accounts.operations.record_audit import Subject, record_audit
from accounts.rules.policy import policy_in_force
from foundation.values.times import database_now

PIECE = 512 * 1024
LARGEST = 100 * 1024 * 1024
"""Bytes. A row has about 250, so this is enough for four hundred thousand people."""


ENDED = (FeedState.APPLIED, FeedState.REFUSED, FeedState.CANCELLED)


class FeedFileTooLarge(Exception):
    """The file is larger than LARGEST bytes."""


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def store_file(run: FeedRun, kind: FileKind, pieces: Iterable[bytes]) -> tuple[str, int]:
    """Replaces the run's file of that kind. Returns its SHA-256 and its size in bytes. Raises FeedFileTooLarge."""
    run.files.filter(kind=kind).delete()
    digest, size = hashlib.sha256(), 0
    for ordinal, piece in enumerate(pieces):
        digest.update(piece)
        size += len(piece)
        if size > LARGEST:
            raise FeedFileTooLarge
        FeedFile.objects.create(run=run, kind=kind, ordinal=ordinal, body=zlib.compress(piece, 6))
    return digest.hexdigest(), size


def stored_pieces(run: FeedRun, kind: FileKind) -> Iterator[bytes]:
    """Yields the file piece by piece, so that one piece at a time is in memory."""
    ordinal = 0
    while True:
        body = run.files.filter(kind=kind, ordinal=ordinal).values_list("body", flat=True).first()
        if body is None:
            return
        yield zlib.decompress(body)
        ordinal += 1


class SentFeedFile(io.RawIOBase):
    """The uploaded file as a stream that can be read once. `read_bytes` is the number of bytes read so far."""

    def __init__(self, run: FeedRun) -> None:
        self._pieces = stored_pieces(run, FileKind.SENT)
        self._rest = b""
        self.read_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed: WriteableBuffer
        if not self._rest:
            self._rest = next(self._pieces, b"")
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        self.read_bytes += size
        return size


@transaction.atomic
def read_bad_rows(*, run: FeedRun, by: User) -> Iterator[bytes]:
    """Records that the file was read before its first byte is returned."""
    record_audit(actor=by, action="feed_rows_read", on=run)
    return stored_pieces(run, FileKind.BAD_ROWS)


@transaction.atomic
def forget_feed_files() -> int:
    """Runs daily. After `feed_file_days` days it deletes both files of a run, its changes for ids that never became
    a person, and what the other changes contain.

    A run that nobody decided about is cancelled together with its file.
    """
    before = database_now() - timedelta(days=policy_in_force().feed_file_days)
    runs = FeedRun.objects.filter(started_at__lt=before, files_deleted_at__isnull=True)
    keys = list(runs.values_list("pk", flat=True))
    FeedFile.objects.filter(run__in=keys).delete()
    FeedChange.objects.filter(run__in=keys, person__isnull=True).delete()
    FeedChange.objects.filter(run__in=keys).exclude(contents=[]).update(contents=[])
    FeedRun.objects.filter(pk__in=keys).update(files_deleted_at=database_now())
    FeedRun.objects.filter(pk__in=keys).exclude(state__in=ENDED).update(state=FeedState.CANCELLED)
    if keys:
        record_audit(actor=None, action="feed_files_forgotten", on=Subject("feed_run"), runs=len(keys))
    return len(keys)
