"""Checks quarantined versions and releases or refuses them, one at a time, with any number of workers."""

import hashlib
import logging
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from django.db import transaction

from accounts.models import User
from documents.inspection.judge import InspectorUnavailable, judge
from documents.inspection.taken_out import CleanCopy
from documents.inspection.unfit import Unfit
from documents.models import DocumentVersion, StoredFile, VersionState
from documents.operations.files import storage, store_file, throw_away
from documents.operations.own_document import record_change
from documents.providers.choice import scanner
from documents.providers.scanner import ScannerUnavailable
from foundation.outcomes.refusals import Refused
from foundation.process import deadlines
from foundation.values.times import database_now

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=deadlines.LEASE)
"""Longer than a Celery task may run: when it ends, the worker that claimed the file is dead."""
SWEEP = 20.0
"""Seconds after which no more versions are begun."""
TRY_AGAIN_AFTER = timedelta(seconds=30)
STRIKES = 3
LOST, INFECTED, UNREADABLE = "document_lost", "virus_found", "document_unreadable"


@dataclass(frozen=True, slots=True)
class Judged:
    """`copy` is what may be served; None if the file was refused for `reason`."""

    copy: CleanCopy | None
    reason: str = ""
    scanned_by: str = ""


def check_version(version_id: int | None = None) -> DocumentVersion | None:
    """Claims (commits), has the file scanned, makes the copy in a child process, settles (commits).

    Without an id, takes the one waiting longest. Returns None if there was nothing to do. If a scanner is configured
    but gives no verdict, the file stays in quarantine and is tried again: no file is released unscanned. A file that
    kills the child or exceeds a limit is refused at once and not tried again.
    """
    version = _claim(version_id)
    if version is None:
        return None
    if version.strikes > STRIKES:
        _settle(version, Judged(None, UNREADABLE))
        return version
    try:
        _settle(version, _judge(version))
    except (ScannerUnavailable, InspectorUnavailable, OSError, Refused) as failure:
        logger.warning("version %s stays in quarantine: %s", version.pk, type(failure).__name__)
        _put_back(version)
    return version


def check_versions(version_ids: Iterable[int], *, seconds: float = SWEEP) -> None:
    """Checks these versions until the time is up. A sweep finds the rest."""
    until = monotonic() + seconds
    for version_id in version_ids:
        if monotonic() < until:
            check_version(version_id)


def check_due(*, seconds: float = SWEEP) -> int:
    """Checks waiting versions until none is left or the time is up.

    Returns how many. Stops early if the scanner is down.
    """
    until, done = monotonic() + seconds, 0
    while monotonic() < until:
        version = check_version()
        if version is None:
            break
        done += 1
        if version.state == VersionState.QUARANTINED:
            break
    return done


def _claim(version_id: int | None) -> DocumentVersion | None:
    with transaction.atomic():
        now = database_now()
        due = DocumentVersion.objects.due(now).select_related("file")
        if version_id is not None:
            due = due.filter(pk=version_id)
        version = due.order_by("try_at", "pk").select_for_update(skip_locked=True, of=("self",)).first()
        if version is not None:
            version.claim, version.try_at = uuid.uuid4(), now + LEASE
            version.strikes += 1
            version.save(update_fields=["claim", "try_at", "strikes"])
    return version


def _judge(version: DocumentVersion) -> Judged:
    assert version.file is not None  # noqa: S101 - a constraint guarantees this for all but refused versions
    try:
        with storage().open(version.file.name) as file:
            content = file.read()
    except FileNotFoundError:
        return Judged(None, LOST)
    asked = scanner()
    by = asked.name if asked else ""
    if asked and not asked.scan(content).clean:
        return Judged(None, INFECTED, by)
    try:
        return Judged(judge(content, version.format), scanned_by=by)
    except Unfit as unfit:
        return Judged(None, unfit.code, by)


def _settle(version: DocumentVersion, judged: Judged) -> None:
    copy = None if judged.copy is None else store_file(judged.copy.content)
    settled = False
    try:
        settled = _write(version, judged, copy.pk if copy else None)
    finally:
        if copy is not None and not settled:
            throw_away([copy.pk])


def _write(version: DocumentVersion, judged: Judged, copy: int | None) -> bool:
    """Returns False if the version was deleted meanwhile or claimed by another worker."""
    with transaction.atomic():
        # Lock the owner first, as everywhere, so that deleting or adding happens before or after, never in between.
        User.objects.select_for_update(no_key=True).filter(documents__versions=version.pk).first()
        held = DocumentVersion.objects.select_for_update(of=("self",)).select_related("document__owner")
        found = held.filter(pk=version.pk, claim=version.claim, state=VersionState.QUARANTINED).first()
        if found is None:
            return False
        before = found.file_id
        found.file_id, found.reason = copy, judged.reason
        found.state = VersionState.REFUSED if judged.copy is None else VersionState.CLEAN
        if judged.copy is not None:
            content = judged.copy.content
            found.size, found.sha256 = len(content), hashlib.sha256(content).hexdigest()
            found.taken_out = list(judged.copy.taken_out)
        found.scanned_by, found.checked_at = judged.scanned_by, database_now()
        found.save()
        _record(found)
        original = [before] if before else []
        StoredFile.objects.filter(pk__in=original).update(discarded=True)
        transaction.on_commit(lambda: throw_away(original), robust=True)
    version.state = found.state
    return True


def _record(version: DocumentVersion) -> None:
    released = version.state == VersionState.CLEAN
    record_change(
        version.document,
        None,
        "document_released" if released else "document_refused",
        version=version.number,
        reason=version.reason,
        taken_out=", ".join(version.taken_out),
        scanned_by=version.scanned_by,
    )


def _put_back(version: DocumentVersion) -> None:
    """Puts the version back without a strike, because the file was not at fault."""
    mine = DocumentVersion.objects.filter(pk=version.pk, claim=version.claim, state=VersionState.QUARANTINED)
    mine.update(try_at=database_now() + TRY_AGAIN_AFTER, strikes=0)
