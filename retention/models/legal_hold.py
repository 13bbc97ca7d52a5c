from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from foundation.values.public_ids import new_public_id


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def visible_to(self, user: User) -> "LegalHoldQuerySet":
        """Visible to information governance only; an officer never sees a hold about themselves."""
        return self.exclude(person=user) if user.may_read_trail else self.none()

    def in_force(self, on: date) -> "LegalHoldQuerySet":
        return self.filter(expires_on__gte=on, lifted_at__isnull=True)


class LegalHold(models.Model):
    """Keeps a person's data beyond its retention period: why, who decided, and until when.

    Without `classes` it covers all data.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="legal_holds")
    classes = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    reason = models.CharField(max_length=500)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    placed_at = models.DateTimeField()
    placed_on = models.DateField()
    expires_on = models.DateField(help_text="The last day on which it holds.")
    alerted_on = models.DateField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")
    lifted_because = models.CharField(max_length=500, blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        ordering = ["expires_on"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="legal_hold_says_why",
                violation_error_code="hold_reason",
                violation_error_message="Enter why we must keep it.",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("placed_on")),
                name="legal_hold_ends",
                violation_error_code="hold_dates",
                violation_error_message="Choose a day after today. You can extend the hold before it ends.",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifted_because="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_because="")),
                name="legal_hold_is_lifted_by_somebody_for_a_reason",
                violation_error_code="lift_incomplete",
                violation_error_message="Enter why you are lifting the hold.",
            ),
        ]

    def __str__(self) -> str:
        return f"legal hold {self.public_id}"

    def is_in_force(self, on: date) -> bool:
        return self.lifted_at is None and self.expires_on >= on
