from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

UPLOAD_ENDS_WITHIN = timedelta(hours=1)
"""A file that no version refers to after this long belongs to an upload that never finished."""


def new_name() -> str:
    """For example `4f/…`: 160 random bits, so that the name reveals nothing and cannot be guessed."""
    drawn = secrets.token_hex(20)
    return f"{drawn[:2]}/{drawn[2:]}"


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def abandoned(self, now: datetime) -> StoredFileQuerySet:
        """Files that no version refers to: discarded, left by a deleted person, or from an upload that failed."""
        nobody = self.filter(version__isnull=True)
        return nobody.filter(models.Q(discarded=True) | models.Q(made_at__lt=now - UPLOAD_ENDS_WITHIN))


class StoredFile(models.Model):
    """A file in the storage.

    Its row is written before the file and removed after it. So every file has a row, and the sweep can find abandoned
    files from the rows alone.
    """

    name = models.CharField(max_length=60, unique=True, default=new_name)
    made_at = models.DateTimeField(default=timezone.now)
    discarded = models.BooleanField(default=False)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["discarded", "made_at"], name="stored_file_by_age"),)

    def __str__(self) -> str:
        return self.name
