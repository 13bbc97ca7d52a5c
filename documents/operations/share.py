from collections.abc import Iterable

from accounts.models import User
from documents.models import Document, DocumentShare
from documents.operations.own_document import lock_owner, record_change
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.sources import Source


@in_one_transaction
def share_with_adviser(*, document: Document, adviser: User, by: User) -> DocumentShare:
    """Shares with one adviser by name until the owner ends it. Returns the existing share if there is one."""
    _lock_own(document, by)
    if not adviser.may_read_notes:
        raise Refused("not_an_adviser", "Documents can be shared with advisers only.", field="adviser", status=422)
    share, new = DocumentShare.objects.get_or_create(document=document, adviser=adviser)
    if new:
        record_change(document, by, "document_shared", adviser=adviser.public_id)
    return share


@in_one_transaction
def share_for_source(*, documents: Iterable[Document], source: Source, by: User) -> None:
    """Shares with those who may read the notes of the source. Its app has checked that `by` may attach documents."""
    for document in documents:
        _lock_own(document, by)
        _, new = DocumentShare.objects.get_or_create(document=document, **source.fields)
        if new:
            record_change(document, by, "document_shared", **source.fields)


@in_one_transaction
def end_share(*, share: DocumentShare, by: User) -> None:
    """Ends a share at once. Ending it twice changes nothing."""
    if by.pk != share.document.owner_id:
        raise Refused("not_yours", "Only its owner can stop sharing a document.", status=403)
    if DocumentShare.objects.filter(pk=share.pk).delete()[0]:
        record_change(share.document, by, "document_unshared")


@in_one_transaction
def end_shares_of(*, source: Source, by: User) -> int:
    """Ends all shares of a source that is off (a booking that anybody cancelled). Returns how many."""
    ended = list(DocumentShare.objects.filter(**source.fields).select_related("document__owner"))
    DocumentShare.objects.filter(pk__in=[share.pk for share in ended]).delete()
    for share in ended:
        record_change(share.document, by, "document_unshared", **source.fields)
    return len(ended)


def shared_for(*, source: Source) -> list[str]:
    """The public ids of the documents shared for a source, for `share_again`."""
    found = DocumentShare.objects.filter(**source.fields).order_by("pk")
    return list(found.values_list("document__public_id", flat=True))


@in_one_transaction
def share_again(*, documents: Iterable[str], source: Source, by: User) -> None:
    """Restores shares that `end_shares_of` ended, by the documents' public ids. A document deleted since is left out.
    The caller has locked their owner."""
    for document in Document.objects.filter(public_id__in=list(documents)).select_related("owner"):
        _, new = DocumentShare.objects.get_or_create(document=document, **source.fields)
        if new:
            record_change(document, by, "document_shared", **source.fields)


def _lock_own(document: Document, by: User) -> None:
    if by.pk != document.owner_id:
        raise Refused("not_yours", "Only its owner can share a document.", status=403)
    lock_owner(document)
    if not Document.objects.filter(pk=document.pk).exists():
        raise Refused("document_gone", "This document has just been deleted.", "Choose another one.")
