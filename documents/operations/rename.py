from accounts.models import User
from documents.models import Document
from documents.operations.own_document import record_change
from documents.rules.names import cleaned_name
from foundation.outcomes.refusals import Refused, in_one_transaction


@in_one_transaction
def rename_document(*, document: Document, name: str, kind: str, by: User) -> None:
    if by.pk != document.owner_id:
        raise Refused("not_yours", "Only its owner can rename a document.", status=403)
    Document.objects.filter(pk=document.pk).update(name=cleaned_name(name), kind=kind)
    record_change(document, by, "document_renamed")
