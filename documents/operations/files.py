"""Files in the storage and their rows: the row is written first and deleted last."""

import logging
from collections.abc import Collection

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction

from documents.models import StoredFile
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now

logger = logging.getLogger(__name__)

AT_A_TIME = 500


def storage() -> Storage:
    return storages["documents"]


def store_file(content: bytes) -> StoredFile:
    """Stores a file. Runs outside a transaction, so that the row exists before the file.

    Raises Refused if the file cannot be written; then both are removed, at once or by the sweep.
    """
    row = StoredFile.objects.create()
    try:
        written = storage().save(row.name, ContentFile(content))
        if written != row.name or storage().size(row.name) != len(content):
            raise OSError("the storage kept something else")
    except Exception as failure:  # a full disk, S3 unreachable: each storage raises its own errors
        logger.warning("a document could not be stored: %s", type(failure).__name__)
        throw_away([row.pk])
        raise Refused(
            "document_not_stored", "We could not store the document.", "Please try again later.", status=503
        ) from failure
    return row


def throw_away(keys: Collection[int]) -> None:
    """Removes files that no version refers to, then their rows. The sweep retries those that cannot be removed now."""
    for key in keys:
        try:
            StoredFile.objects.filter(pk=key, version__isnull=True).update(discarded=True)
            _remove(key)
        except Exception as failure:
            logger.warning("a file could not be removed, the sweep will: %s", type(failure).__name__)


def _remove(key: int) -> None:
    with transaction.atomic():
        unnamed = StoredFile.objects.filter(pk=key, version__isnull=True, discarded=True)
        row = unnamed.select_for_update(skip_locked=True, of=("self",)).first()
        if row is not None:
            storage().delete(row.name)
            row.delete()


def sweep_files() -> int:
    """Removes files that no version refers to: discarded, left by a deleted person, or from a failed upload.

    Returns how many.
    """
    keys = list(StoredFile.objects.abandoned(database_now()).values_list("pk", flat=True)[:AT_A_TIME])
    throw_away(keys)
    return len(keys)
