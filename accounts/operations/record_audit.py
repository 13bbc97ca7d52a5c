import hashlib
from dataclasses import dataclass

from django.db import models

from accounts.models import AuditEntry, User
from foundation.db.inserts import insert_rows
from foundation.web.origins import origin


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about if there is no single row: a name, and an id if there is one."""

    name: str
    id: str = ""


def subject_of(on: models.Model | Subject) -> Subject:
    """The model's `audit_subject` or verbose name, and the row's public id."""
    if isinstance(on, Subject):
        return on
    name = getattr(on, "audit_subject", "") or str(on._meta.verbose_name).replace(" ", "_")
    return Subject(name, id_outside(on))


def id_outside(row: models.Model) -> str:
    """The id by which the row is known outside the database, such as a setting's key."""
    for field in ("public_id", "slug", "key", "code"):
        if getattr(row, field, ""):
            return str(getattr(row, field))
    return str(row.pk)


def record_audit(
    *,
    actor: User | None,
    action: str,
    on: models.Model | Subject,
    student: User | None = None,
    **details: str | int | bool | None,
) -> None:
    """Writes an audit entry about `on` in the caller's transaction. `details` are codes, ids and times, never free
    text.

    Where the action came from (page, API, command or task, and the network prefix) is read from `origin()`. `fitted`
    shortens an action, subject or id that is longer than its column.
    """
    subject, source = subject_of(on), origin()
    entry = AuditEntry(
        actor=actor,
        action=fitted("action", action),
        subject=fitted("subject", subject.name),
        subject_id=fitted("subject_id", subject.id),
        student=student,
        details=details,
        origin=source.how,
        network=source.network,
        actor_roles=fitted("actor_roles", ", ".join(actor.roles) if actor else ""),
    )
    insert_rows([entry])


def fitted(column: str, text: str) -> str:
    """Fits the text into the column: longer text is cut and ends with part of its SHA-256, so that it stays distinct.

    Callers pass slugs, keys and codes of any length; only this function may cut them.
    """
    most = int(getattr(AuditEntry._meta.get_field(column), "max_length"))  # noqa: B009 - mypy does not know the attribute
    if len(text) <= most:
        return text
    mark = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:8]
    return f"{text[: most - len(mark) - 1]}~{mark}"
