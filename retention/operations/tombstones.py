"""Tombstones: files outside the database that list, by random public id, what was deleted.

A restored backup brings deleted people back. The files say whom to delete again (`manage.py retention replay`), and the
portal reports that it is not ready until then.

A file is written before its batch commits, and its row is part of the batch. So a file without a row belongs to a batch
that was rolled back, if this database knows the run, and otherwise to a night after the backup.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction

from accounts.models import User
from accounts.operations.record_audit import Subject, record_audit
from foundation.values.times import database_now
from queries.models import Query
from queries.operations.forget import forget_queries
from retention.models import PurgeRun, Tombstones
from retention.operations.statistics import keep_statistics
from retention.schedule.of_a_person import OF_A_PERSON

FOLDER = "tombstones"


class TombstonesSpoiled(Exception):
    """A file was changed after it was written. Nothing from it is applied."""


@dataclass(frozen=True, slots=True)
class Gone:
    """`people`: public id → keys of the deleted classes. `queries`: public ids."""

    people: Mapping[str, Sequence[str]]
    queries: Sequence[str] = ()


def storage() -> Storage:
    return storages["retention"]


def folder_of(run: PurgeRun) -> str:
    return f"{FOLDER}/{run.started_at:%Y%m%dT%H%M%SZ}-{run.public_id}"


def write_tombstones(folder: str, gone: Gone) -> None:
    """Writes the file in the caller's transaction, before anything is deleted."""
    number = Tombstones.objects.filter(name__startswith=f"{folder}/").count() + 1
    body = {"number": number, "people": {key: list(said) for key, said in gone.people.items()}}
    body["queries"] = list(gone.queries)
    said = json.dumps(body, sort_keys=True)
    digest = hashlib.sha256(said.encode()).hexdigest()
    name = f"{folder}/{number:06}.json"
    written = storage().save(name, ContentFile(json.dumps({"digest": digest, "body": said}).encode()))
    if written != name:
        storage().delete(written)
        raise TombstonesSpoiled(f"{name} is there already")
    Tombstones.objects.create(name=name, digest=digest, applied_at=database_now())


def drop_uncommitted(run: PurgeRun) -> int:
    """Deletes files of batches of this run that were rolled back: the people in them still exist."""
    known = set(Tombstones.objects.filter(name__startswith=f"{folder_of(run)}/").values_list("name", flat=True))
    orphans = [name for name in _files_in(folder_of(run)) if name not in known]
    for name in orphans:
        storage().delete(name)
    return len(orphans)


def _files_in(folder: str) -> list[str]:
    try:
        return [f"{folder}/{name}" for name in sorted(storage().listdir(folder)[1])]
    except FileNotFoundError:
        return []


def _folders() -> list[str]:
    try:
        return [f"{FOLDER}/{name}" for name in sorted(storage().listdir(FOLDER)[0])]
    except FileNotFoundError:
        return []


def newest_tombstones() -> str:
    """The newest file, or empty. No query."""
    folders = _folders()
    files = _files_in(folders[-1]) if folders else []
    return files[-1] if files else ""


def is_due(name: str) -> bool:
    """Whether this database does not know the newest file, because it was restored from an earlier backup.

    At most two queries.
    """
    if Tombstones.objects.filter(name=name).exists():
        return False
    run = name.rpartition("/")[0].rpartition("-")[2]
    return not PurgeRun.objects.to_do().filter(public_id=run).exists()


def are_tombstones_due() -> bool:
    newest = newest_tombstones()
    return bool(newest) and is_due(newest)


def unknown_files() -> Iterator[str]:
    known = set(Tombstones.objects.values_list("name", flat=True))
    for folder in _folders():
        yield from (name for name in _files_in(folder) if name not in known)


def replay_tombstones() -> tuple[int, int]:
    """Deletes again what a restored backup brought back; returns how many files, and how many people and queries they
    still found.
    """
    files = found = 0
    for name in list(unknown_files()):
        found += _replay(name)
        files += 1
    return files, found


@transaction.atomic
def _replay(name: str) -> int:
    body, digest = _read(name)
    people = {person.public_id: person.pk for person in User.objects.filter(public_id__in=body["people"])}
    queries = list(Query.objects.filter(public_id__in=body["queries"]).values_list("pk", flat=True))
    keep_statistics(list(people.values()), queries)
    forget_queries(queries)
    for each in OF_A_PERSON:
        those = [pk for public_id, pk in people.items() if each.key in body["people"][public_id]]
        if those and each.forget:
            each.forget(those)
    Tombstones.objects.create(name=name, digest=digest, applied_at=database_now())
    found = len(people) + len(queries)
    record_audit(actor=None, action="tombstones_applied", on=Subject("tombstones"), count=found)
    return found


def _read(name: str) -> tuple[dict[str, Any], str]:
    with storage().open(name) as file:
        said = json.loads(file.read())
    digest = hashlib.sha256(said["body"].encode()).hexdigest()
    if digest != said["digest"]:
        raise TombstonesSpoiled(f"{name} is not as it was written")
    body: dict[str, Any] = json.loads(said["body"])
    return body, digest
