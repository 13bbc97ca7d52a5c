"""Data for the pages of the student feed. The number of queries does not depend on the file's length."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts.feed.words import CATALOGUE, CONFIDENTIAL, FIELDS, shown
from accounts.models import ChangeKind, FeedChange, FeedRun, FeedSource, FeedState

OVERDUE = timedelta(hours=50)
"""Two nights without a feed."""

TONES = {
    FeedState.CHECKED: "warning", FeedState.APPLIED: "success", FeedState.REFUSED: "error",
    FeedState.CANCELLED: "neutral",
}  # fmt: skip

PHASES = {
    "reading": "Reading the file",
    "comparing": "Comparing it with what we hold",
    "applying": "Applying the changes",
}

OTHER_FIRST = "Waiting for another file to finish"

KIND_COUNTS = {
    ChangeKind.NEW: "new",
    ChangeKind.CHANGED: "changed",
    ChangeKind.LEAVER: "leavers",
    ChangeKind.REFUSED: "refused",
}


def runs_for(user: Any) -> QuerySet[FeedRun]:
    return FeedRun.objects.visible_to(user).select_related("started_by", "approved_by")


def tone_of(run: FeedRun) -> str:
    return str(TONES.get(FeedState(run.state), "info"))


@dataclass(frozen=True, slots=True)
class Progress:
    """`follows`: another file is in work. `percent` is None if it cannot be estimated."""

    words: str
    done: int
    total: int
    percent: int | None
    follows: bool


def is_behind_another(run: FeedRun) -> bool:
    in_work = (FeedState.CHECKING, FeedState.APPLYING)
    return run.is_to_do and FeedRun.objects.filter(state__in=in_work).exclude(pk=run.pk).exists()


def progress_of(run: FeedRun) -> Progress:
    follows = not run.phase and is_behind_another(run)
    words = OTHER_FIRST if follows else PHASES.get(run.phase, "Waiting for its turn")
    percent = min(100, run.done * 100 // run.total) if run.total and run.phase != "comparing" else None
    return Progress(words, run.done, run.total, percent, follows)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """Empty `before` and `after`: there is nothing to say, or it was deleted with the file. `course`: its code."""

    label: str
    before: str = ""
    after: str = ""
    course: str = ""


@dataclass(frozen=True, slots=True)
class FeedChangeRow:
    line: int | None
    university_id: str
    name: str
    public_id: str
    kind: str
    what: list[FieldChange]
    reason: str


def changes_of(run: FeedRun, kind: str, field: str) -> QuerySet[FeedChange]:
    found = FeedChange.objects.filter(run=run, kind=kind).select_related("person")
    return found.filter(fields__contains=[field]) if field else found


def change_rows(changes: Any) -> list[FeedChangeRow]:
    return [
        FeedChangeRow(
            line=change.line,
            university_id=change.university_id,
            name=change.person.name if change.person else _new_name(change),
            public_id=change.person.public_id if change.person else "",
            kind=str(ChangeKind(change.kind).label),
            what=list(_field_changes(change)),
            reason=change.reason,
        )
        for change in changes
    ]


def _new_name(change: FeedChange) -> str:
    """Somebody who has no account yet. Empty once the file is deleted."""
    return next((after for field, _, after, *_ in change.contents if field == "name"), "")


def _field_changes(change: FeedChange) -> Iterator[FieldChange]:
    said = [each for each in change.contents if each[0] in FIELDS]
    for field, before, after, *course in said:
        yield FieldChange(FIELDS[field], shown(field, before), shown(field, after), *course)
    told = {field for field, *_ in said}
    for field in change.fields:
        if field not in told:
            yield FieldChange(FIELDS.get(field, field), after="changed" if field in CONFIDENTIAL else "")


def catalogue_of(run: FeedRun) -> list[tuple[str, list[str]]]:
    return [(words, run.report[key]) for key, words in CATALOGUE if run.report.get(key)]


@dataclass(frozen=True, slots=True)
class LargeChange:
    """Why somebody has to decide, in numbers of people. `missing`: in the feed until now, and not in this file."""

    missing: int
    touched: int
    refused: int
    before: int


def large_change(run: FeedRun) -> LargeChange | None:
    if not run.is_large_change:
        return None
    counts = run.counts
    missing, touched = counts.get("unlisted", counts["leavers"]), counts.get("touched", 0)
    return LargeChange(missing, touched, counts["refused"], counts["before"])


@dataclass(frozen=True, slots=True)
class FeedFacts:
    last: FeedRun | None
    warnings: list[str]


def feed_facts() -> FeedFacts:
    """One query: warnings are derived from the newest twenty runs."""
    runs = list(FeedRun.objects.exclude(state=FeedState.CANCELLED)[:20])
    applied = next((run for run in runs if run.state == FeedState.APPLIED), None)
    return FeedFacts(runs[0] if runs else None, list(_warnings(runs, applied)))


def _warnings(runs: list[FeedRun], applied: FeedRun | None) -> list[str]:
    found = []
    newest = runs[0] if runs else None
    if newest and newest.state == FeedState.CHECKED and newest.is_large_change:
        found.append("The last student feed would change unusually many people: it waits for your decision.")
    if newest and newest.source == FeedSource.NIGHTLY and newest.state == FeedState.REFUSED:
        found.append(f"Last night’s student feed was refused: {newest.problem}")
    if settings.FEED_FILE and not Path(settings.FEED_FILE).is_file():
        found.append("The nightly student feed is not where FEED_FILE says.")
    elif settings.FEED_FILE and (applied is None or timezone.now() - applied.started_at > OVERDUE):
        found.append("No student feed has been applied for two nights.")
    return found
