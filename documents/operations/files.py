"""Files in the storage and their rows: the row first, then the file; and away in the other order."""

from __future__ import annotations

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
    """Outside a transaction, so that the row stands before the file does. Refused where it cannot be written: then
    neither is left, or the sweep removes what is."""
    row = StoredFile.objects.create()
    try:
        written = storage().save(row.name, ContentFile(content))
        if written != row.name or storage().size(row.name) != len(content):
            raise OSError("the storage kept something else")
    except Exception as failure:  # a full disk, S3 away: each storage has errors of its own
        logger.warning("a document could not be stored: %s", type(failure).__name__)
        throw_away([row.pk])
        raise Refused(
            "document_not_stored", "We could not store the document.", "Please try again later.", status=503
        ) from failure
    return row


def throw_away(keys: Collection[int]) -> None:
    """Removes files that no version names, then their rows. What cannot be removed now, the sweep removes later."""
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
    """Removes what no version names: thrown away and not gone yet, left by a forgotten person, or of an upload that
    broke off. How many there were."""
    keys = list(StoredFile.objects.abandoned(database_now()).values_list("pk", flat=True)[:AT_A_TIME])
    throw_away(keys)
    return len(keys)
