from datetime import datetime

from accounts.models import User
from accounts.operations.record_audit import record_audit
from security.models import CaseEntry, SecurityCase


def record_step(case: SecurityCase, what: str, *, by: User, at: datetime, words: str = "") -> None:
    """Adds an entry to the case's log, with its text, and one to the audit trail, without."""
    CaseEntry.objects.create(case=case, at=at, by=by, what=what, words=words)
    record_audit(actor=by, action=what, on=case)
