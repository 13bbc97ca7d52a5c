from django.db import models
from django.utils import timezone

from foundation.db.choice_checks import choice_check
from foundation.values.times import plain_moment
from messaging.models.outbox_message import OutboxMessage


class AttemptOutcome(models.TextChoices):
    SENT = "sent", "Sent"
    TEMPORARY = "temporary", "Failed, to be tried again"
    PERMANENT = "permanent", "Refused for good"
    UNCERTAIN = "uncertain", "No answer after it was handed over"
    LAPSED = "lapsed", "Its worker stopped"
    WITHDRAWN = "withdrawn", "No longer wanted"
    FOUND = "found", "Found at the provider"
    ABSENT = "absent", "Never reached the provider"


class Attempt(models.Model):
    message = models.ForeignKey(OutboxMessage, on_delete=models.CASCADE, related_name="attempt_history")
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=AttemptOutcome.choices)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (choice_check("attempt", "outcome", AttemptOutcome.values),)

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} at {plain_moment(self.at)}"
