from django.conf import settings
from django.db import models

from foundation.db.choice_checks import choice_check
from security.models.security_case import SecurityCase


class OutcomeKind(models.TextChoices):
    IT_SUSPENDED = "it_suspended", "IT account suspended"
    DISCIPLINARY = "disciplinary", "Disciplinary action"
    NO_FURTHER_ACTION = "no_further_action", "No further action"


class Outcome(models.Model):
    """What a recipient of the reports did about the case, when, and who told us (SEC-3)."""

    case = models.ForeignKey(SecurityCase, on_delete=models.PROTECT, related_name="outcomes")
    kind = models.CharField(max_length=20, choices=OutcomeKind)
    on = models.DateField("day")
    told_by = models.CharField("who told us", max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            choice_check("outcome", "kind", OutcomeKind.values),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id}"
