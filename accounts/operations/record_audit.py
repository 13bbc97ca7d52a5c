import hashlib
from dataclasses import dataclass

from django.db import models

from accounts.models import AuditEntry, User
from foundation.db.inserts import insert_rows
from foundation.web.origins import origin


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about, where there is no row to name or several: what it is, and an id where there is one."""

    name: str
    id: str = ""


def subject_of(on: models.Model | Subject) -> Subject:
    """A row: the name of its model, or the model's own `audit_subject`; and its id outside the database."""
    if isinstance(on, Subject):
        return on
    name = getattr(on, "audit_subject", "") or str(on._meta.verbose_name).replace(" ", "_")
    return Subject(name, id_outside(on))


def id_outside(row: models.Model) -> str:
    """The id by which a row is known outside the database; a setting by its key."""
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
    """Writes the entry about the row `on` in the caller's transaction. `details` are codes, ids and times, never
    people's words.

    Where it came from (a page, a program, a command, a task; the network's prefix) is what the door has said. An
    action, subject or id that is longer than its column is shortened by `fitted`.
    """
    subject, came = subject_of(on), origin()
    entry = AuditEntry(
        actor=actor,
        action=fitted("action", action),
        subject=fitted("subject", subject.name),
        subject_id=fitted("subject_id", subject.id),
        student=student,
        details=details,
        origin=came.how,
        network=came.network,
    )
    insert_rows([entry])


def fitted(column: str, text: str) -> str:
    """The text as the column takes it: a longer one is cut, and ends in a part of its SHA-256 that tells it apart.

    Callers pass slugs, keys and codes of any length; nobody else may cut them.
    """
    most = int(getattr(AuditEntry._meta.get_field(column), "max_length"))  # noqa: B009 - mypy does not know it
    if len(text) <= most:
        return text
    mark = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:8]
    return f"{text[: most - len(mark) - 1]}~{mark}"
