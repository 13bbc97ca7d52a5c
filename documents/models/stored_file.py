from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

UPLOAD_ENDS_WITHIN = timedelta(hours=1)
"""A file that nothing names after so long belongs to an upload that never ended."""


def new_name() -> str:
    """`4f/…`: 160 random bits, so that a name tells nothing and cannot be guessed."""
    drawn = secrets.token_hex(20)
    return f"{drawn[:2]}/{drawn[2:]}"


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def abandoned(self, now: datetime) -> StoredFileQuerySet:
        """Named by no version: thrown away, left by a person who is gone, or of an upload that broke off."""
        nobody = self.filter(version__isnull=True)
        return nobody.filter(models.Q(discarded=True) | models.Q(made_at__lt=now - UPLOAD_ENDS_WITHIN))


class StoredFile(models.Model):
    """A file in the storage. Its row is written before the file and removed after it, so that no file is ever without
    a row, and the sweep finds by the rows alone what nobody names any more."""

    name = models.CharField(max_length=60, unique=True, default=new_name)
    made_at = models.DateTimeField(default=timezone.now)
    discarded = models.BooleanField(default=False)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["discarded", "made_at"], name="stored_file_by_age"),)

    def __str__(self) -> str:
        return self.name
