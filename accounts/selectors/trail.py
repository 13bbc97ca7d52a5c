"""Entries of the audit trail, prepared for display."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from accounts.models import AuditEntry, Role, User
from accounts.models.audit_entry import AuditEntryQuerySet
from accounts.selectors.trail_pages import pages_of_things
from foundation.values.times import day_bounds

AT_A_TIME = 50

CAME_BY = {"web": "a page", "api": "a program", "command": "a command", "task": "the clock", "": "not recorded"}


@dataclass(frozen=True, slots=True)
class TrailAsked:
    first: date
    last: date
    person: User | None = None
    action: str = ""
    thing: str = ""
    """The id of the row that the entries are about."""

    before: int = 0
    """Only entries with a lower id: the next page."""


@dataclass(frozen=True, slots=True)
class TrailRow:
    at: datetime
    who: str
    roles: str
    what: str
    subject: str
    subject_id: str
    student: str
    who_id: str
    """The public id with which the page asks for the person's entries; empty if the person no longer exists."""

    student_id: str
    came_by: str
    network: str
    details: str
    page: str = ""
    """The address of the thing's page, if it has one that the reader may open."""


@dataclass(frozen=True, slots=True)
class TrailPage:
    rows: list[TrailRow]
    older: int
    """The value of `before` for the next page; 0 if there is none."""


def trail_page(by: User, asked: TrailAsked) -> TrailPage:
    """One query, whatever the length of the trail, and one for each kind of thing with pages."""
    found = list(_entries(by, asked)[: AT_A_TIME + 1])
    older = found[AT_A_TIME - 1].pk if len(found) > AT_A_TIME else 0
    pages = pages_of_things(found[:AT_A_TIME], by)
    rows = [_row(entry, pages.get((entry.subject, entry.subject_id), "")) for entry in found[:AT_A_TIME]]
    return TrailPage(rows, older)


def trail_rows(by: User, asked: TrailAsked, most: int) -> list[TrailRow]:
    """One query."""
    return [_row(entry) for entry in _entries(by, asked)[:most]]


def trail_cells(row: TrailRow) -> tuple[str, ...]:
    """A line of the export, in the order of `COLUMNS`."""
    at = row.at.isoformat(timespec="seconds")
    thing = (row.subject, row.subject_id, row.details)
    return (at, row.who, row.roles, row.what, *thing, row.student, row.came_by, row.network)


COLUMNS = ("when", "who", "roles", "what", "thing", "id", "details", "whose affairs", "from where", "network")


def _entries(by: User, asked: TrailAsked) -> AuditEntryQuerySet:
    starts, ends = day_bounds(asked.first, asked.last)
    entries = AuditEntry.objects.visible_to(by).named().filter(at__gte=starts, at__lt=ends)
    if asked.person:
        entries = entries.filter(Q(actor=asked.person) | Q(student=asked.person))
    if asked.action:
        entries = entries.filter(action__contains=asked.action)
    if asked.thing:
        entries = entries.filter(subject_id=asked.thing)
    if asked.before:
        entries = entries.filter(pk__lt=asked.before)
    return entries.order_by("-pk")


def _row(entry: AuditEntry, page: str = "") -> TrailRow:
    return TrailRow(
        at=entry.at,
        who=who_words(entry),
        roles=role_words(entry),
        what=entry.action.replace("_", " ").capitalize(),
        subject=entry.subject.replace("_", " "),
        subject_id=entry.subject_id,
        student=student_words(entry),
        who_id=entry.actor.public_id if entry.actor else "",
        student_id=entry.student.public_id if entry.student else "",
        came_by=CAME_BY.get(entry.origin, entry.origin),
        network=entry.network,
        details=", ".join(_detail_words(name, value) for name, value in _in_order(entry.details)),
        page=page,
    )


def who_words(entry: AuditEntry) -> str:
    """“The system” if nobody acted; only the number if the person was erased."""
    if entry.actor_id is None:
        return "The system"
    return entry.actor.name if entry.actor else f"Deleted person (no. {entry.actor_id})"


def role_words(entry: AuditEntry) -> str:
    """The actor's roles at that time; for entries older than that column, the roles now."""
    if entry.actor_roles:
        return ", ".join(ROLES.get(role, role) for role in entry.actor_roles.split(", "))
    return ", ".join(ROLES[role] for role in entry.actor.roles) + " (now)" if entry.actor and entry.actor.roles else ""


ROLES = {str(role): str(role.label) for role in Role}


def _in_order(details: dict[str, object]) -> list[tuple[str, object]]:
    """By name, with “before” ahead of “after”; without what an entry leaves empty."""
    said = [(name, value) for name, value in details.items() if value not in (None, "")]
    return sorted(said, key=lambda each: (each[0] in ORDER, ORDER.get(each[0], 0), each[0]))


ORDER = {"before": 1, "after": 2}


def student_words(entry: AuditEntry) -> str:
    if entry.student_id is None:
        return ""
    return entry.student.name if entry.student else f"Deleted person (no. {entry.student_id})"


def _detail_words(name: str, value: object) -> str:
    words = {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
    return f"{name.replace('_', ' ')}: {words}"
