from __future__ import annotations

from accounts.models import User
from accounts.operations.record_audit import record_audit
from documents.models import Document
from documents.rules.names import cleaned_name
from foundation.outcomes.refusals import Refused, in_one_transaction


@in_one_transaction
def rename_document(*, document: Document, name: str, kind: str, by: User) -> None:
    if by.pk != document.owner_id:
        raise Refused("not_yours", "Only its owner can rename a document.", status=403)
    Document.objects.filter(pk=document.pk).update(name=cleaned_name(name), kind=kind)
    record_audit(
        actor=by,
        action="document_renamed",
        on=document,
        student=document.owner,
    )
