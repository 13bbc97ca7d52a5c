from django.conf import settings
from django.db import models

from security.models.security_case import SecurityCase


class CaseEntry(models.Model):
    """One step of a case. Append-only: a database trigger refuses updates and deletions."""

    case = models.ForeignKey(SecurityCase, on_delete=models.PROTECT, related_name="entries")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    what = models.CharField(max_length=40)
    words = models.TextField(max_length=4000, blank=True)

    class Meta:
        verbose_name_plural = "case entries"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["case", "-at"], name="entry_by_case")]

    def __str__(self) -> str:
        return f"{self.what} of {self.case_id}"
