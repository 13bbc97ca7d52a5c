from django.db import models


class NoticeVersion(models.Model):
    """The privacy notice in force from a day. Its sections are generated from the settings and the schedule."""

    number = models.PositiveIntegerField(unique=True)
    from_day = models.DateField()
    made_at = models.DateTimeField()
    sections = models.JSONField()
    changes = models.JSONField(default=list)
    """Differences from the previous version: heading, old text, new text."""

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"version {self.number}"
