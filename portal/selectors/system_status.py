"""Whether every part of the installation works: for administrators' page and for metrics."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min

from accounts.feed.selectors import feed_facts
from documents.providers.choice import scanner
from documents.selectors.documents import how_many_wait
from foundation.values.counted import counted
from foundation.values.times import database_now, plain_moment
from messaging.models import DeliveryState, OutboxMessage, Part
from messaging.rules.heartbeats import late_parts
from messaging.selectors import heartbeats
from retention.selectors.lateness import lateness

LATE_MESSAGE = timedelta(minutes=5)
"""A message that waits longer after it was due means that nothing sends them."""

LEAST_FREE = 10
"""Per cent of the disk with the uploads."""

WHAT_THEY_DO = {
    Part.WORKER: "Worker: sends messages, checks documents, works at night",
    Part.BEAT: "Beat: starts regular jobs",
    Part.SWEEPER: "Sweeper: sends messages while Redis is down",
}


@dataclass(frozen=True, slots=True)
class PartStatus:
    """`values`: what metrics say, by the metric's name with its unit."""

    name: str
    is_well: bool
    words: str
    remedy: str
    values: dict[str, float]


def system_status() -> list[PartStatus]:
    """At most nine queries, with the feed. Waits for the scanner for a second at most."""
    now = database_now()
    return [*_processes(now), _messages(now), _night(now), _documents(), *_disk(), *_feed()]


def _processes(now: datetime) -> Iterator[PartStatus]:
    stamps = heartbeats()
    late = late_parts(stamps, now, timedelta(seconds=settings.MESSAGING_STAMP_IS_OLD))
    for part, name in WHAT_THEY_DO.items():
        seen = stamps.get(part.value)
        words = f"Last heard of at {plain_moment(seen)}." if seen else "Never heard of."
        values = {f"{part.value}_silent_seconds": (now - seen).total_seconds()} if seen else {}
        yield PartStatus(name, part.value not in late, words, f"Restart the {part.value}.", values)


def _messages(now: datetime) -> PartStatus:
    oldest: datetime | None = OutboxMessage.objects.due(now).aggregate(oldest=Min("try_at"))["oldest"]
    failed = OutboxMessage.objects.filter(state=DeliveryState.FAILED).count()
    waited = now - oldest if oldest else timedelta()
    words = f"The oldest has been due since {plain_moment(oldest)}." if oldest else "None is due."
    return PartStatus(
        "Messages",
        waited <= LATE_MESSAGE,
        f"{words} {counted(failed, 'message')} failed.",
        "See whether the worker and the mail server work.",
        {"oldest_due_message_seconds": waited.total_seconds(), "failed_messages": failed},
    )


def _night(now: datetime) -> PartStatus:
    found = lateness(now)
    words = f"The last one ended at {plain_moment(found.last)}." if found.last else "There has been none yet."
    values = {"nightly_run_age_seconds": (now - found.last).total_seconds()} if found.last else {}
    return PartStatus(
        "Nightly run", not found.is_late, words, "See the nightly runs: one may wait for approval.", values
    )


def _documents() -> PartStatus:
    asked, waiting = scanner(), how_many_wait()
    answers = asked is not None and asked.answers()
    words = "It answers." if answers else "It does not answer." if asked else "None is set up."
    remedy = "Restart the scanner." if asked else "Set CLAMD_ADDRESS: documents are released unscanned."
    values = {"scanner_answers": float(answers), "documents_waiting": waiting}
    waits = f"{counted(waiting, 'document')} waiting."
    return PartStatus("Virus scanner", answers, f"{words} {waits}", remedy, values)


def _disk() -> Iterator[PartStatus]:
    """Nothing if documents are in S3."""
    if settings.DOCUMENTS_S3_BUCKET:
        return
    try:
        disk = shutil.disk_usage(settings.DOCUMENTS_ROOT)
    except OSError:
        yield PartStatus("Disk", False, "The folder for documents cannot be read.", "Check DOCUMENTS_ROOT.", {})
        return
    free = disk.free * 100 // disk.total
    words = f"{free} % of the disk with documents is free."
    yield PartStatus("Disk", free >= LEAST_FREE, words, "Make room.", {"documents_disk_free_bytes": disk.free})


def _feed() -> Iterator[PartStatus]:
    """Nothing where no file is expected each night."""
    if not settings.FEED_FILE:
        return
    facts = feed_facts()
    words = f"The last one was started at {plain_moment(facts.last.started_at)}." if facts.last else "None yet."
    values = {"student_feed_problems": float(len(facts.warnings))}
    yield PartStatus("Student feed", not facts.warnings, words, " ".join(facts.warnings), values)
