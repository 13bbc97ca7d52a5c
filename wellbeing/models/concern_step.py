from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.db.choice_checks import choice_check
from wellbeing.models.concern import Concern


class StepKind(models.TextChoices):
    CONTACT = "contact", "Contact with the student"
    NOTE = "note", "Note"
    ESCALATED = "escalated", "Escalated"
    DISCLOSED = "disclosed", "Disclosed"
    CLOSED = "closed", "Closed"
    REOPENED = "reopened", "Opened again"


class ConcernStep(models.Model):
    """One entry of a concern's log; never changed."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10, choices=StepKind.choices)
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    at = models.DateTimeField()
    next_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(words=""),
                name="concern_step_says_something",
                violation_error_code="step_words",
                violation_error_message="Enter what you did.",
            ),
            choice_check("concern_step", "kind", StepKind.values),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of concern {self.concern_id}"
