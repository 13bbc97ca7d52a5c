from django.db import models

from queries.models.query import Query


class Handling(models.TextChoices):
    QUEUED = "queued", "waiting"
    THREADED = "threaded", "added to its query"
    OPENED = "opened", "opened a query"
    IGNORED = "ignored", "not answered to"
    FAILED = "failed", "could not be read"


class InboundEmail(models.Model):
    """An e-mail as it came in, kept until somebody need not look any more, so that nothing is lost (MAIL-1).

    `digest` is over what was received: the same one again is the same row. `raw` is emptied with the query it went to.
    """

    message_id = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField()
    handling = models.CharField(max_length=10, choices=Handling.choices, default=Handling.QUEUED)
    reason = models.CharField(max_length=200, blank=True)
    raw = models.BinaryField(editable=False)
    size = models.PositiveIntegerField()
    query = models.ForeignKey(Query, on_delete=models.CASCADE, null=True, blank=True, related_name="emails")

    class Meta:
        ordering = ["-received_at"]
        indexes = [models.Index(fields=["message_id"], name="email_by_message_id")]

    def __str__(self) -> str:
        return f"e-mail {self.pk}"
