"""What every change of a document does: locks its owner, and is recorded as about them."""

from __future__ import annotations

from accounts.models import User
from accounts.operations.record_audit import record_audit
from documents.models import Document


def lock_owner(document: Document) -> None:
    User.objects.select_for_update(no_key=True).get(pk=document.owner_id)


def record_change(document: Document, by: User | None, action: str, **details: str | int) -> None:
    record_audit(actor=by, action=action, on=document, student=document.owner, **details)
