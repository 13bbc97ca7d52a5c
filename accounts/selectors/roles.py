"""Who has which role, since when and given by whom, and whether somebody has reviewed it lately."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import GUARDED, NOT_STAFF, AuditEntry, Role, User
from foundation.values.times import local_day, months_after

REVIEW, REVIEWED, REVIEW_ID = "role_review", "roles_reviewed", "roles"
"""Subject, action and subject id of the entry that records a review."""


@dataclass(frozen=True, slots=True)
class HeldRole:
    """`since` is None, and nobody is named, if the role was given before roles were recorded."""

    person: User
    role: str
    since: datetime | None = None
    given_by: str = ""
    asked_by: str = ""

    @property
    def label(self) -> str:
        return str(Role(self.role).label).capitalize()

    @property
    def takes_two(self) -> bool:
        return self.role in GUARDED


@dataclass(frozen=True, slots=True)
class RoleReview:
    at: datetime | None
    by: str
    due_on: date
    is_due: bool


def held_roles() -> list[HeldRole]:
    """Roles of staff, also of closed accounts; those that take two people first. Three queries."""
    people = list(User.objects.exclude(roles__contained_by=sorted(NOT_STAFF)).order_by("family_name", "given_name"))
    said = AuditEntry.objects.filter(action="role_given", subject_id__in=[person.public_id for person in people])
    given = {(entry.subject_id, entry.details.get("role")): entry for entry in said.named().order_by("pk")}
    askers = {entry.details["asked_by"] for entry in given.values() if entry.details.get("asked_by")}
    names = {person.public_id: person.name for person in User.objects.filter(public_id__in=askers)} if askers else {}
    rows = [
        _row(person, role, given.get((person.public_id, role)), names)
        for person in people
        for role in person.roles
        if role not in NOT_STAFF
    ]
    return sorted(rows, key=lambda row: (not row.takes_two, row.label))


def _row(person: User, role: str, entry: AuditEntry | None, names: dict[str, str]) -> HeldRole:
    if entry is None:
        return HeldRole(person, role)
    by = entry.actor.name if entry.actor else "The system"
    return HeldRole(person, role, entry.at, by, names.get(str(entry.details.get("asked_by", "")), ""))


def seal_of_roles(rows: list[HeldRole]) -> str:
    """What the list says. A review is refused if it says something else by then."""
    said = sorted(f"{row.person.public_id} {row.role} {row.person.is_active}" for row in rows)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]


def role_review(today: date, months: int) -> RoleReview:
    """The latest review. The first is due that long after the first entry of the trail. At most two queries."""
    entry = AuditEntry.objects.filter(subject=REVIEW, subject_id=REVIEW_ID).named().order_by("-pk").first()
    first = entry or AuditEntry.objects.order_by("pk").first()
    due_on = months_after(local_day(first.at) if first else today, months)
    by = entry.actor.name if entry and entry.actor else ""
    return RoleReview(entry.at if entry else None, by, due_on, is_due=due_on <= today)
