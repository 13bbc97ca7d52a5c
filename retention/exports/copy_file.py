"""The zip file of a copy: `index.html` to read, `data.json` for programs, and the documents.

Collects names of other people found on the way.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.template.loader import render_to_string

from accounts.models import User
from accounts.rules.policy import policy_in_force
from documents.models import DocumentVersion
from foundation.values.times import database_now, local
from retention.models import RightKind, RightsRequest
from retention.schedule.data_class import DataClass, Reader
from retention.schedule.free_texts import Names
from retention.selectors.copy import READINGS, Record, classes_in, classes_left_out, readings_of, records_of
from retention.selectors.redactor import Redactor

PLACES_KEPT = 3
AROUND = 60


@dataclass
class Written:
    """`names`: names of other people, each with some of the places where it was found. `counts`: rows by class."""

    names: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


class NameKeeper:
    """Collects names of other people in free text."""

    def __init__(self, person: User) -> None:
        everybody = User.objects.exclude(pk=person.pk).only(
            "given_name", "preferred_name", "family_name", "university_id", "email", "personal_email"
        )
        self.finder = Names.of(everybody.order_by("pk").iterator(2000))
        self.found: dict[str, dict[str, Any]] = {}

    def look(self, name: str, value: Any) -> None:
        for text in _texts(value):
            for start, length, whose in self.finder.found_in(text):
                if length == len(text):
                    continue  # who wrote or decided something: a colleague at work
                words = text[start : start + length]
                kept = self.found.setdefault(words, {"words": words, "person": whose, "places": []})
                if len(kept["places"]) < PLACES_KEPT:
                    around = text[max(0, start - AROUND) : start + length + AROUND]
                    kept["places"].append(f"{name}: …{around}…")

    def without_names(self, row: Record) -> Record:
        words = {t[start : start + length] for t in _texts(row) for start, length, _ in self.finder.found_in(t)}
        blackened: Record = Redactor(sorted(words))(row)
        return blackened

    def names(self) -> list[dict[str, Any]]:
        """Marks colleagues, because their names are known to the people they serve."""
        staff = {user.pk for user in User.objects.filter(pk__in={k["person"] for k in self.found.values()})
                 if user.is_any_staff}  # fmt: skip
        return [
            {"words": each["words"], "places": each["places"], "is_colleague": each["person"] in staff}
            for _, each in sorted(self.found.items())
        ]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for said in value.values():
            yield from _texts(said)
    elif isinstance(value, list):
        for said in value:
            yield from _texts(said)


def write_copy(
    archive: zipfile.ZipFile, request: RightsRequest, black: Sequence[str], progress: Callable[[int, int], None]
) -> Written:
    """Writes the copy into the archive.

    `progress` gets the number of classes done (the documents count as one) and the total.
    """
    person, classes, written = request.person, classes_in(request), Written()
    redact, keeper = Redactor(black), NameKeeper(person)
    sections, total = [], len(classes) + 2
    with archive.open("data.json", "w") as data:
        data.write(f'{{"about": {json.dumps(_about(request))}, "classes": {{'.encode())
        for number, each in enumerate(classes):
            rows = [(table, redact(row)) for table, row in _collected_rows(each, person, keeper)]
            written.counts[each.key] = len(rows)
            sections.append({"each": each, "rows": rows, "period": each.period_words(policy_in_force())})
            said = [{"table": table, **row} for table, row in rows]
            data.write(f"{', ' if number else ''}{json.dumps(each.key)}: {json.dumps(said, default=str)}".encode())
            progress(number + 1, total)
        data.write(f'}}, "{READINGS}": {json.dumps([row for _, row in _readings(request)])}}}'.encode())
    _write_index(archive, request, sections)
    progress(total - 1, total)
    if "documents" in written.counts:
        _write_documents(archive, person)
    progress(total, total)
    written.names = keeper.names()
    return written


def _collected_rows(each: DataClass, person: User, keeper: NameKeeper) -> Iterator[tuple[str, Record]]:
    """The class's rows.

    Officers may not read wellbeing data, not even the names in it, so every name there is redacted.
    """
    for table, row in records_of(each, person):
        if each.reader == Reader.WELLBEING:
            yield table, keeper.without_names(row)
        else:
            keeper.look(each.name, row)
            yield table, row


def _readings(request: RightsRequest) -> list[tuple[str, Record]]:
    return list(readings_of(request.person)) if request.kind == RightKind.ACCESS else []


def _about(request: RightsRequest) -> dict[str, str]:
    return {
        "institution": settings.BRAND["institution"],
        "service": settings.BRAND["name"],
        "person": request.person.name,
        "request": request.public_id,
        "made": local(database_now()).isoformat(timespec="minutes"),
    }


def _write_index(archive: zipfile.ZipFile, request: RightsRequest, sections: list[dict[str, Any]]) -> None:
    context = {
        "about": _about(request),
        "request": request,
        "sections": sections,
        "left": classes_left_out(request) if request.kind == RightKind.ACCESS else [],
        "readings": _readings(request),
        "policy": policy_in_force(),
        "brand": settings.BRAND,
    }
    archive.writestr("index.html", render_to_string("retention/copy/index.html", context))


def _write_documents(archive: zipfile.ZipFile, person: User) -> None:
    versions = DocumentVersion.objects.filter(document__owner=person, file__isnull=False)
    for version in versions.select_related("document", "file").order_by("document", "number"):
        name = "".join(each if each.isalnum() or each in " .-_" else "_" for each in version.document.name)
        stored = version.file
        if stored is None:
            continue
        with storages["documents"].open(stored.name) as file:
            path = f"documents/{version.document.public_id} {name} {version.number}.{version.format}"
            with archive.open(path, "w") as target:
                for piece in iter(lambda: file.read(65536), b""):
                    target.write(piece)
