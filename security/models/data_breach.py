from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.db.choice_checks import choice_check
from security.models.security_case import SecurityCase

BREACH_HOURS = 72
"""UK GDPR, article 33(1): at most 72 hours after becoming aware of it. Elapsed hours, set by law, so not a setting."""


class BreachDecision(models.TextChoices):
    NOTIFIED = "notified", "The ICO was notified"
    NOT_NEEDED = "not_needed", "No notification is needed"


class DataBreach(models.Model):
    """A case that is also a personal-data breach. The time limit runs from when the University became aware of it."""

    case = models.OneToOneField(SecurityCase, on_delete=models.PROTECT, related_name="breach")
    known_at = models.DateTimeField("when it became known")
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    decision = models.CharField(max_length=12, choices=BreachDecision, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")
    notified_at = models.DateTimeField(null=True)
    reference = models.CharField("the ICO’s reference", max_length=80, blank=True)
    because = models.TextField("why it is not needed, or why it was late", max_length=2000, blank=True)

    class Meta:
        verbose_name_plural = "data breaches"
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", notified_at__isnull=True)
                | (Q(decision="notified", notified_at__isnull=False) & ~Q(reference=""))
                | (Q(decision="not_needed", notified_at__isnull=True) & ~Q(because="")),
                name="breach_decision_is_complete",
                violation_error_code="breach_incomplete",
                violation_error_message="Enter when the ICO was notified and its reference, or why it was not.",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(decision="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="breach_decided_says_when_and_by_whom",
                violation_error_code="breach_decided",
                violation_error_message="Enter who decided about the notification, and when.",
            ),
            choice_check("breach", "decision", BreachDecision.values, blank=True),
        ]

    def __str__(self) -> str:
        return f"breach of {self.case_id}"

    @property
    def due_at(self) -> datetime:
        """Computed in UTC, because these are elapsed hours and local clocks change."""
        return self.known_at.astimezone(UTC) + timedelta(hours=BREACH_HOURS)
