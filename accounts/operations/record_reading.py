from accounts.models import User
from accounts.operations.record_audit import record_audit


def record_reading(*, reader: User, subject: str, subject_id: str, student: User | None) -> None:
    """Who read what about whom. Called before the content is shown, in a transaction that commits first; where it
    raises, nothing may be shown."""
    record_audit(actor=reader, action="read", subject=subject, subject_id=subject_id, student=student)
