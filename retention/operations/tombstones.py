"""Tombstones: what was forgotten, as random public ids, in files beside the database. A backup that is put back brings
people back; the files tell whom to forget again (`manage.py retention replay`), and the portal is not ready before.

A file is written before its batch is committed, and its row in the batch: a file without a row is of a batch that was
never committed, where the run that wrote it is known here, and otherwise of a night that this database never saw.
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
    """A file that is not as it was written: nothing of it is applied."""


@dataclass(frozen=True, slots=True)
class Gone:
    """`people`: public id → keys of the classes that are gone; `queries`: public ids."""

    people: Mapping[str, Sequence[str]]
    queries: Sequence[str] = ()


def storage() -> Storage:
    return storages["retention"]


def folder_of(run: PurgeRun) -> str:
    return f"{FOLDER}/{run.started_at:%Y%m%dT%H%M%SZ}-{run.public_id}"


def write_tombstones(folder: str, gone: Gone) -> None:
    """In the caller's transaction, before anything is deleted."""
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
    """Files of a batch of this run that was never committed: whoever is in them is still here."""
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
    """Whether this newest file is unknown here: this database was restored from before it. Two queries at most."""
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
    """Forgets again whom a restored backup brought back; how many files, and how many people and queries were there."""
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
