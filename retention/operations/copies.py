"""Copies of personal data: built in the background, reviewed, released, and deleted again."""

from __future__ import annotations

import hashlib
import logging
import tempfile
import zipfile
from datetime import timedelta
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction

from accounts.models import User
from accounts.operations.record_audit import record_audit
from accounts.rules.policy import policy_in_force
from foundation.db.advisory_lock import advisory_lock
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.times import database_now, local_day, plain_day
from messaging.operations.queue_message import queue_messages
from retention.exports.copy_file import write_copy
from retention.exports.read_copy import part_of_copy
from retention.exports.sealed_files import PIECE, seal
from retention.models import Package, PackageState, Redaction, RightsPart, RightsRequest
from retention.notices.officers import request_waits
from retention.operations.requests import close_released, lock_request
from retention.schedule.data_class import Reader
from retention.selectors.copy import Record, black_words, digest_of, is_outdated, undecided
from retention.selectors.officers import wellbeing_leads
from retention.selectors.redactor import Redactor

logger = logging.getLogger(__name__)

LOCK = 7_310_061
ATTEMPTS = 3
SHORTEST = 2
"""Characters: a single letter would black out every word that has it."""

RELEASED_WORDS = "Your copy is ready. You can download it until {until}, after signing in."


def build_packages() -> int:
    """Builds all waiting copies, one after another; returns how many. Does nothing while another worker runs."""
    done = 0
    with advisory_lock(LOCK) as locked:
        while locked and (package := _next()):
            _build(package)
            done += 1
    return done


def _next() -> Package | None:
    """The next copy to build. We have the lock, so one in state “building” was left by a killed worker."""
    waiting = Package.objects.filter(state__in=[PackageState.WAITING, PackageState.BUILDING]).order_by("pk")
    return waiting.select_related("request__person").first()


def _build(package: Package) -> None:
    package.attempts += 1
    package.state = PackageState.BUILDING if package.attempts <= ATTEMPTS else PackageState.FAILED
    package.save(update_fields=["attempts", "state"])
    if package.state == PackageState.FAILED:
        record_audit(
            actor=None, action="copy_failed", on=package.request
        )  # fmt: skip
        return
    try:
        _write(package)
    except Exception as failure:  # such as an unreadable document or a full disk: tried again, then reported as failed
        logger.warning("a copy could not be put together: %s", type(failure).__name__)


def _write(package: Package) -> None:
    """The unencrypted zip exists only in an anonymous temporary file, until it is sealed."""
    request = package.request
    black = black_words(request)
    with tempfile.TemporaryFile() as clear, tempfile.TemporaryFile() as sealed:
        with zipfile.ZipFile(clear, "w", zipfile.ZIP_DEFLATED) as archive:
            written = write_copy(archive, request, black, lambda done, total: _progress(package, done, total))
        size, digest = clear.tell(), _digest(clear)
        clear.seek(0)
        seal(clear, sealed, package.salt)
        sealed.seek(0)
        name = storages["retention"].save(f"copies/{package.public_id}", File(sealed))
    _ready(package, name=name, size=size, sha256=digest, candidates=written.names, contents=written.counts,
           blacked_out=digest_of(black))  # fmt: skip


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    hashed = hashlib.sha256()
    for piece in iter(lambda: file.read(PIECE), b""):
        hashed.update(piece)
    return hashed.hexdigest()


def _progress(package: Package, done: int, total: int) -> None:
    Package.objects.filter(pk=package.pk).update(done=done, total=total)


@transaction.atomic
def _ready(package: Package, **said: Any) -> None:
    """Marks the copy as ready and asks wellbeing leads to decide about confidential classes."""
    now = database_now()
    Package.objects.filter(pk=package.pk).update(state=PackageState.READY, built_at=now, **said)
    request = package.request
    record_audit(actor=None, action="copy_built", on=request, student=request.person)
    if any(each.reader == Reader.WELLBEING for each in undecided(request)):
        queue_messages([request_waits(lead, request, "part_waits") for lead in wellbeing_leads()], now)


@in_one_transaction
def rebuild(*, request: RightsRequest, by: User) -> None:
    """Discards the copy and builds a new one with the decisions made since."""
    locked = _locked(request, by)
    if not locked.is_open or not locked.is_copy:
        raise Refused("request_answered", "This request needs no copy.")
    _discard(locked)
    Package.objects.create(request=locked, asked_at=database_now())
    _record(locked, "copy_asked_for", by)


@in_one_transaction
def decide_part(
    *, request: RightsRequest, key: str, included: bool, because: str, by: User, reader: Reader
) -> None:  # fmt: skip
    """Decides whether a class is included.

    `reader` says in which role `by` decides; each role can only decide its own classes.
    """
    locked = _locked(request, by)
    if not locked.is_open or key not in {each.key for each in undecided(locked) if each.reader == reader}:
        raise Refused("part_decided", "There is nothing to decide about this part.")
    if not included and not because.strip():
        raise Refused("part_reason", "Enter why you are leaving it out of the copy.", field="because", status=422)
    RightsPart.objects.create(
        request=locked, key=key, included=included, because=because, decided_by=by, decided_at=database_now()
    )
    _record(locked, "copy_part_decided", by)


@in_one_transaction
def decide_redactions(*, request: RightsRequest, black_out: list[str], leave: list[str], by: User) -> None:
    """Saves which names of other people to redact, discards the copy with the names found, and builds a new one."""
    locked = _locked(request, by)
    if not locked.is_open:
        raise Refused("request_answered", "This request has been answered.")
    for words, black in ((word, word in black_out) for word in dict.fromkeys([*black_out, *leave])):
        Redaction.objects.update_or_create(
            request=locked, words=words[:200], defaults={"black_out": black, "decided_by": by}
        )
    _record(locked, "copy_names_decided", by)
    _discard(locked)
    Package.objects.create(request=locked, asked_at=database_now())


@in_one_transaction
def black_out(*, request: RightsRequest, key: str, words: list[str], by: User) -> int:
    """Decides to black out words that an officer found in a part of the built copy; returns in how many records.

    The page shows them blacked out at once, the file is rebuilt later. Raises Refused: `request_answered`,
    `copy_not_ready`, `words_not_found` for words that the part does not have, or `words_too_short`.
    """
    locked = _locked(request, by)
    if not locked.is_open:
        raise Refused("request_answered", "This request has been answered.")
    rows = [record for _, record in part_of_copy(locked, key)]
    for each in words:
        _require_in(rows, each)
        decided = {"black_out": True, "decided_by": by}
        Redaction.objects.update_or_create(request=locked, words=each, defaults=decided)
    record_audit(actor=by, action="copy_words_decided", on=request, student=request.person, part=key, count=len(words))
    redact = Redactor(words)
    return sum(redact(row) != row for row in rows)


def _require_in(rows: list[Record], words: str) -> None:
    if len(words) < SHORTEST:
        raise Refused("words_too_short", f"“{words}” is too short.", "Enter a whole word.", field="words", status=422)
    redact = Redactor([words])
    if all(redact(row) == row for row in rows):
        said = f"“{words}” is not in this part."
        raise Refused("words_not_found", said, "Copy the words from the text.", field="words", status=422)


@in_one_transaction
def release(*, request: RightsRequest, by: User) -> None:
    """Makes the copy available to the person for a number of days.

    Refused while a decision is outstanding, or if one was made after the copy was built.
    """
    locked = _locked(request, by)
    package = locked.packages.select_for_update().first()
    if package is None or package.state != PackageState.READY:
        raise Refused("copy_not_ready", "The copy is not ready yet.", "Wait until it is built.")
    if undecided(locked):
        # Does not say which part: only wellbeing leads may know that there is a concern.
        raise Refused(
            "copy_undecided",
            "Not every confidential part has a decision yet.",
            "Decide your own parts. We have emailed the others.",
        )
    if undecided_names(locked, package):
        raise Refused("names_undecided", "The copy names other people.", "Decide about each of them first.")
    if is_outdated(locked, package):
        raise Refused("copy_outdated", "A decision was made after the copy was built.", "Rebuild the copy.")
    now = database_now()
    until = local_day(now) + timedelta(days=policy_in_force().package_days)
    package.state, package.released_at, package.expires_on, package.candidates = PackageState.RELEASED, now, until, []
    package.save(update_fields=["state", "released_at", "expires_on", "candidates"])
    close_released(locked, RELEASED_WORDS.format(until=plain_day(until)), by)


def _locked(request: RightsRequest, by: User) -> RightsRequest:
    locked = lock_request(request)
    if by.pk == locked.person_id:
        raise Refused("own_request", "Someone else must answer your own request.", status=403)
    return locked


def undecided_names(request: RightsRequest, package: Package) -> list[str]:
    """One query."""
    decided = set(Redaction.objects.filter(request=request).values_list("words", flat=True))
    return [each["words"] for each in package.candidates if each["words"] not in decided]


@in_one_transaction
def record_download(*, package: Package, by: User) -> None:
    """Called before the first byte is read."""
    Package.objects.filter(pk=package.pk).update(downloaded_at=database_now())
    _record(package.request, "copy_downloaded", by)


def _discard(request: RightsRequest) -> None:
    for package in request.packages.exclude(state=PackageState.GONE):
        if package.name:
            storages["retention"].delete(package.name)
        Package.objects.filter(pk=package.pk).update(state=PackageState.GONE, name="", salt="", candidates=[])


def _record(request: RightsRequest, action: str, by: User) -> None:
    record_audit(
        actor=by, action=action, on=request, student=request.person
    )  # fmt: skip
