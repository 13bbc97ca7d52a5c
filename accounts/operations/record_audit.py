import hashlib

from accounts.models import AuditEntry, User
from foundation.db.inserts import insert_rows
from foundation.web.origins import origin


def record_audit(
    *,
    actor: User | None,
    action: str,
    subject: str,
    subject_id: str,
    student: User | None = None,
    **details: str | int | bool | None,
) -> None:
    """Writes the entry in the caller's transaction. `details` are codes, ids and times, never people's words.

    Where it came from (a page, a program, a command, a task; the network's prefix) is what the door has said. An
    action, subject or id that is longer than its column is shortened by `fitted`.
    """
    came = origin()
    entry = AuditEntry(
        actor=actor,
        action=fitted("action", action),
        subject=fitted("subject", subject),
        subject_id=fitted("subject_id", subject_id),
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
