"""The contents of a copy, read row by row from the schedule's tables, so that nothing we hold can be missing.

Reads in batches. Labels are in plain English, and values are unchanged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Model

from accounts.models import AuditEntry, User
from foundation.values.times import plain_moment, spoken_day
from retention.models import Package, Redaction, RightKind, RightsPart, RightsRequest
from retention.schedule.data_class import DataClass, Reader, Table
from retention.schedule.of_a_person import OF_A_PERSON

GIVEN_BY_THE_PERSON = frozenset({"people", "courses", "appointments", "queries", "documents", "permissions"})
"""The classes of a portability request (article 20): what the person gave us, and nothing that we wrote."""

READINGS = "readings"
AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Left:
    """A class that is not in the copy, and why."""

    each: DataClass
    because: str


def classes_in(request: RightsRequest) -> list[DataClass]:
    """The classes in the request's copy; for an access request all but those left out."""
    if request.kind == RightKind.PORTABILITY:
        return [each for each in OF_A_PERSON if each.key in GIVEN_BY_THE_PERSON]
    left = {each.each.key for each in classes_left_out(request)}
    return [each for each in OF_A_PERSON if each.key not in left]


def classes_left_out(request: RightsRequest) -> list[Left]:
    """One query. A class that needs a decision is left out until it is made."""
    decided = {part.key: part for part in RightsPart.objects.filter(request=request)}
    left = []
    for each in OF_A_PERSON:
        part = decided.get(each.key)
        if each.not_in_copy:
            left.append(Left(each, each.not_in_copy))
        elif part is not None and not part.included:
            left.append(Left(each, part.because))
        elif part is None and each.reader != Reader.ANYBODY and has_any(each, request.person):
            left.append(Left(each, "It is being looked at whether it can be part of a copy."))
    return left


def has_any(each: DataClass, person: User) -> bool:
    return any(table.of([person.pk]).exists() for table in each.tables if table.person)


def undecided(request: RightsRequest) -> list[DataClass]:
    """The classes that still need a decision."""
    decided = set(RightsPart.objects.filter(request=request).values_list("key", flat=True))
    asked = [each for each in OF_A_PERSON if each.reader != Reader.ANYBODY and each.key not in decided]
    return [each for each in asked if has_any(each, request.person)] if request.kind == RightKind.ACCESS else []


def black_words(request: RightsRequest) -> list[str]:
    """The words to black out. One query."""
    return list(Redaction.objects.filter(request=request, black_out=True).values_list("words", flat=True))


def digest_of(words: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(sorted(words)).encode()).hexdigest() if words else ""


def is_outdated(request: RightsRequest, package: Package) -> bool:
    """Whether a decision about parts or words was made after the copy was built."""
    parts_changed = {each.key for each in classes_in(request)} != set(package.contents)
    return parts_changed or digest_of(black_words(request)) != package.blacked_out


@dataclass(frozen=True, slots=True)
class CopyContent:
    """A part of a built copy, for the officer who reviews it. `name`, `key` and `rows` of its class."""

    key: str
    name: str
    rows: int


def readable_parts(package: Package) -> list[CopyContent]:
    """The parts of a built copy that information governance can read. No query.

    Without the part of wellbeing leads: whether it has anything in it is for them alone.
    """
    classes = [each for each in OF_A_PERSON if each.key in package.contents and each.reader != Reader.WELLBEING]
    return [CopyContent(each.key, each.name, package.contents[each.key]) for each in classes]


Record = dict[str, Any]


def records_of(each: DataClass, person: User) -> Iterator[tuple[str, Record]]:
    """The table's verbose name and one row as label → value, for each row."""
    for table in each.tables:
        if table.person:
            yield from _rows(table, person)


def _rows(table: Table, person: User) -> Iterator[tuple[str, Record]]:
    model = table.manager.model
    people = [field.name for field in model._meta.concrete_fields if field.is_relation]
    rows = table.of([person.pk]).select_related(*people).order_by("pk")
    for row in rows.iterator(AT_A_TIME):
        yield str(model._meta.verbose_name), _record(row, table.secret, person)


def _record(row: Model, secret: Sequence[str], person: User) -> Record:
    found: Record = {}
    for field in row._meta.concrete_fields:
        if field.name in secret or field.primary_key:
            continue
        value = _value(row, field, person)
        if value not in (None, "", [], {}):
            found[str(field.verbose_name)] = value
    return found


def _value(row: Model, field: Any, person: User) -> Any:
    """The value as JSON and readable for people; the person themself is “you”."""
    value = getattr(row, field.name)
    if field.is_relation:
        return "you" if value == person else None if value is None else str(value)
    if field.choices and not isinstance(value, list):
        return getattr(row, f"get_{field.name}_display")()
    if isinstance(value, datetime):
        return plain_moment(value)
    if isinstance(value, date):
        return spoken_day(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if hasattr(value, "lower") and hasattr(value, "upper_inf"):
        return f"{_end(value.lower)} to {_end(value.upper)}"
    if isinstance(value, bytes | memoryview):
        return None
    return value if isinstance(value, str | int | float | bool | list | dict) else str(value)


def _end(value: Any) -> str:
    return plain_moment(value) if isinstance(value, datetime) else str(value)


def readings_of(person: User) -> Iterator[tuple[str, Record]]:
    """Who opened the person's notes and documents: the part of the audit trail that they may see."""
    entries = AuditEntry.objects.readings_of(person).named().order_by("pk")
    for entry in entries.iterator(AT_A_TIME):
        reader = entry.actor.name if entry.actor else "a deleted person"
        yield "reading", {"when": plain_moment(entry.at), "what": entry.subject, "who": reader}
