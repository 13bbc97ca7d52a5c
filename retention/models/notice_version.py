from django.db import models


class NoticeVersion(models.Model):
    """The privacy notice as it stood from a day on: its sections in words, put together from settings and schedule."""

    number = models.PositiveIntegerField(unique=True)
    from_day = models.DateField()
    made_at = models.DateTimeField()
    sections = models.JSONField()
    changes = models.JSONField(default=list)
    """What differs from the version before: heading, the words before, the words since."""

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"version {self.number}"
