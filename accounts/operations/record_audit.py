from accounts.models import AuditEntry, User
from careerconnect.foundation.inserts import insert_rows
from careerconnect.foundation.origins import origin


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

    Where it came from (a page, a program, a command, a task; the network's prefix) is what the door has said.
    """
    came = origin()
    entry = AuditEntry(
        actor=actor,
        action=action,
        subject=subject,
        subject_id=subject_id,
        student=student,
        details=details,
        origin=came.how,
        network=came.network,
    )
    insert_rows([entry])
