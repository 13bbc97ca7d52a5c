"""Entries of the audit trail, prepared for display."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from accounts.models import AuditEntry, Role, User
from foundation.values.times import day_bounds

AT_A_TIME = 50

CAME_BY = {"web": "a page", "api": "a program", "command": "a command", "task": "the clock", "": "not recorded"}


@dataclass(frozen=True, slots=True)
class TrailAsked:
    first: date
    last: date
    person: User | None = None
    action: str = ""
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
    came_by: str
    network: str
    details: str


@dataclass(frozen=True, slots=True)
class TrailPage:
    rows: list[TrailRow]
    older: int
    """The value of `before` for the next page; 0 if there is none."""


def trail_page(by: User, asked: TrailAsked) -> TrailPage:
    """One query, whatever the length of the trail."""
    starts, ends = day_bounds(asked.first, asked.last)
    entries = AuditEntry.objects.visible_to(by).named().filter(at__gte=starts, at__lt=ends)
    if asked.person:
        entries = entries.filter(Q(actor=asked.person) | Q(student=asked.person))
    if asked.action:
        entries = entries.filter(action__contains=asked.action)
    if asked.before:
        entries = entries.filter(pk__lt=asked.before)
    found = list(entries.order_by("-pk")[: AT_A_TIME + 1])
    older = found[AT_A_TIME - 1].pk if len(found) > AT_A_TIME else 0
    return TrailPage([_row(entry) for entry in found[:AT_A_TIME]], older)


def _row(entry: AuditEntry) -> TrailRow:
    return TrailRow(
        at=entry.at,
        who=who_words(entry),
        roles=role_words(entry.actor),
        what=entry.action.replace("_", " ").capitalize(),
        subject=entry.subject.replace("_", " "),
        subject_id=entry.subject_id,
        student=student_words(entry),
        came_by=CAME_BY.get(entry.origin, entry.origin),
        network=entry.network,
        details=", ".join(_detail_words(name, value) for name, value in sorted(entry.details.items())),
    )


def who_words(entry: AuditEntry) -> str:
    """“The system” if nobody acted; only the number if the person was erased."""
    if entry.actor_id is None:
        return "The system"
    return entry.actor.name if entry.actor else f"Deleted person (no. {entry.actor_id})"


def role_words(person: User | None) -> str:
    return ", ".join(str(Role(role).label) for role in person.roles) if person else ""


def student_words(entry: AuditEntry) -> str:
    if entry.student_id is None:
        return ""
    return entry.student.name if entry.student else f"Deleted person (no. {entry.student_id})"


def _detail_words(name: str, value: object) -> str:
    words = {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
    return f"{name.replace('_', ' ')}: {words}"
