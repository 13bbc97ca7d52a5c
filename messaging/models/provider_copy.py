from django.db import models

from foundation.db.choice_checks import choice_check
from messaging.models.outbox_message import Channel


class ProviderCopy(models.Model):
    """Says that a provider still has a copy of a message deleted here. Holds only the provider's id of it."""

    channel = models.CharField(max_length=8, choices=Channel.choices)
    provider_id = models.CharField(max_length=200, unique=True)
    asked_at = models.DateTimeField(db_default=models.functions.Now())
    tries = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name_plural = "provider copies"
        constraints = [
            choice_check("provider_copy", "channel", Channel.values),
        ]

    def __str__(self) -> str:
        return f"copy of {self.channel} {self.pk}"
