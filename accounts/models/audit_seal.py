from django.db import models


class AuditSeal(models.Model):
    """A stretch of the trail as it was when it was sealed: its digest holds the digest of the seal before.

    `first_id` to `last_id`, inclusive, join without a gap; numbers that a rolled-back transaction used up stay empty.
    """

    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["last_id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_id__gte=models.F("first_id")),
                name="seal_covers_something",
                violation_error_code="seal_empty",
                violation_error_message="A seal must cover at least one entry.",
            ),
        ]

    def __str__(self) -> str:
        return f"entries {self.first_id} to {self.last_id}"
