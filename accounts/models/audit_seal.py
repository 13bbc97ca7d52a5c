from django.db import models


class AuditSeal(models.Model):
    """A sealed section of the audit trail. Its digest includes the digest of the previous seal.

    Sections `first_id` to `last_id` (inclusive) follow one another without gaps; ids used by rolled-back transactions
    have no entry.
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
