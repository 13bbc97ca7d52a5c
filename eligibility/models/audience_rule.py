from datetime import date

from django.conf import settings
from django.db import models

from eligibility.models.audience import Audience

BEGINNING = date(1900, 1, 1)
"""The date of the rule that an audience had before the first one was scheduled."""


class AudienceRule(models.Model):
    """A rule of an audience, in force from a day until the next rule's day (ELIG-1)."""

    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="versions")
    rule = models.JSONField(default=dict, blank=True)
    effective_from = models.DateField()
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    set_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["audience", "effective_from"],
                name="one_rule_of_an_audience_begins_on_a_day",
                violation_error_code="rule_day_taken",
                violation_error_message="Another rule for this audience starts on that day.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audience} from {self.effective_from}"
