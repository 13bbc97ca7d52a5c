"""Deletes documents with their files. Retention decides when, and records each step."""

import logging
from collections.abc import Collection

from django.db import transaction

from documents.models import Document, DocumentShare, DocumentVersion, StoredFile
from documents.operations.files import AT_A_TIME, storage
from foundation.db.deleting import delete_rows

logger = logging.getLogger(__name__)


def forget_documents(people: Collection[int]) -> int:
    """Deletes the rows and marks their files, so that `remove_files` finds them whatever happens in between."""
    own = DocumentVersion.objects.filter(document__owner__in=people)
    files = own.filter(file__isnull=False).values("file")
    marked = StoredFile.objects.filter(pk__in=files).update(discarded=True)
    shares = DocumentShare.objects.filter(document__owner__in=people)
    return marked + sum(delete_rows(each) for each in (shares, own, Document.objects.filter(owner__in=people)))


def forget_shares_with(people: Collection[int]) -> int:
    """Deletes shares with former staff."""
    return delete_rows(DocumentShare.objects.filter(adviser__in=people))


def end_shares_of_ids(public_ids: Collection[str]) -> int:
    """Deletes shares with something that is itself being deleted, such as a query."""
    return delete_rows(DocumentShare.objects.filter(source_id__in=public_ids))


def remove_files() -> tuple[int, int]:
    """Removes some of the marked files. Returns how many are gone, and how many the storage could not remove.

    A few hundred per transaction, files before rows: if interrupted, a row remains without its file, and removing it
    again is not an error.
    """
    with transaction.atomic():
        marked = StoredFile.objects.filter(discarded=True, version__isnull=True)
        rows = list(marked.select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:AT_A_TIME])
        gone = [row.pk for row in rows if _removed(row)]
        delete_rows(StoredFile.objects.filter(pk__in=gone))
    return len(gone), len(rows) - len(gone)


def _removed(row: StoredFile) -> bool:
    try:
        storage().delete(row.name)
    except Exception as failure:  # S3 unreachable: each storage raises its own errors; the next night tries again
        logger.warning("a file could not be removed: %s", type(failure).__name__)
        return False
    return True
