from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """Who did what, when, to which thing. Ids and numbers only: no names, no free text, no message bodies."""

    at = models.DateTimeField(db_default=models.functions.Now(), db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40, db_index=True)
    student = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "audit trail"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.action} {self.subject} {self.subject_id}"
