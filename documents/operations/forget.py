"""How documents are forgotten, files and all; when, is for retention to say. Steps of what is recorded there."""

from __future__ import annotations

import logging
from collections.abc import Collection

from django.db import transaction

from documents.models import Document, DocumentShare, DocumentVersion, StoredFile
from documents.operations.files import AT_A_TIME, storage
from foundation.db.deleting import delete_rows

logger = logging.getLogger(__name__)


def forget_documents(people: Collection[int]) -> int:
    """Rows now; their files are marked, so that `remove_files` finds them whatever happens in between."""
    own = DocumentVersion.objects.filter(document__owner__in=people)
    files = own.filter(file__isnull=False).values("file")
    marked = StoredFile.objects.filter(pk__in=files).update(discarded=True)
    shares = DocumentShare.objects.filter(document__owner__in=people)
    return marked + sum(delete_rows(each) for each in (shares, own, Document.objects.filter(owner__in=people)))


def forget_shares_with(people: Collection[int]) -> int:
    """What others had shared with somebody who worked here."""
    return delete_rows(DocumentShare.objects.filter(adviser__in=people))


def end_shares_of_ids(public_ids: Collection[str]) -> int:
    """Shares for something that is forgotten itself, such as a query."""
    return delete_rows(DocumentShare.objects.filter(source_id__in=public_ids))


def remove_files() -> tuple[int, int]:
    """Some of the files that were marked: how many are gone, and how many the storage would not remove.

    A few hundred in one transaction, the files before their rows: killed in between, a row is left whose file is gone
    already, and removing that once more is no error.
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
    except Exception as failure:  # S3 away: each storage has errors of its own; the next night tries again
        logger.warning("a file could not be removed: %s", type(failure).__name__)
        return False
    return True
