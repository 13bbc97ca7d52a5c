from django.db import models, transaction

from accounts.models import User
from documents.models import Document, DocumentVersion, StoredFile
from documents.operations.files import throw_away
from documents.operations.own_document import lock_owner, record_change
from foundation.outcomes.refusals import Refused, in_one_transaction


@in_one_transaction
def delete_document(*, document: Document, by: User) -> None:
    """Deletes the document, its versions and shares, and their files right after the commit. Deleting twice is not
    refused.

    Locks the owner. A worker that is checking a version finds it gone and stores nothing.
    """
    _lock_own(document, by)
    files = _files(DocumentVersion.objects.filter(document=document))
    gone, _ = Document.objects.filter(pk=document.pk).delete()
    if gone:
        record_change(document, by, "document_deleted", versions=len(files))
    transaction.on_commit(lambda: throw_away(files), robust=True)


@in_one_transaction
def delete_version(*, document: Document, number: int, by: User) -> None:
    """Deletes one version. The last one can only be deleted with its document."""
    _lock_own(document, by)
    versions = DocumentVersion.objects.filter(document=document)
    if versions.count() == 1 and versions.filter(number=number).exists():
        raise Refused("last_version", "This is the only version.", "Delete the whole document instead.")
    files = _files(versions.filter(number=number))
    gone, _ = versions.filter(number=number).delete()
    if gone:
        record_change(document, by, "version_deleted", version=number)
    transaction.on_commit(lambda: throw_away(files), robust=True)


def _lock_own(document: Document, by: User) -> None:
    if by.pk != document.owner_id:
        raise Refused("not_yours", "Only its owner can delete a document.", status=403)
    lock_owner(document)


def _files(versions: models.QuerySet[DocumentVersion]) -> list[int]:
    """Ids of the versions' files, marked as discarded in this transaction, so that the sweep finds them whatever
    happens next."""
    keys = [key for key in versions.values_list("file", flat=True) if key is not None]
    StoredFile.objects.filter(pk__in=keys).update(discarded=True)
    return keys
