from django.conf import settings
from django.db import models
from django.db.models import Q

from eligibility.models.allocation_policy import AllocationPolicy
from eligibility.models.grant import Grant
from foundation.db.choice_checks import choice_check
from foundation.values.sources import SourceKind


class AllocationUse(models.Model):
    """One booking (or registration) counted against one policy. Rows are counted under the student's lock; there is no
    counter.

    The source is what uses it: this layer does not know bookings.
    """

    student = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="allocation_uses")
    policy = models.ForeignKey(AllocationPolicy, on_delete=models.PROTECT, related_name="uses")
    source_kind = models.CharField(max_length=12, choices=SourceKind.choices, default=SourceKind.BOOKING)
    source_id = models.CharField(max_length=12)
    on = models.DateField(help_text="The local date of the appointment; its period is that of this day.")
    ends_at = models.DateTimeField()
    period_key = models.CharField(max_length=40, blank=True)
    ordinal = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How long it is, for policies that count minutes."
    )
    consumes = models.BooleanField(default=True)
    grant = models.ForeignKey(
        Grant, on_delete=models.PROTECT, null=True, blank=True, related_name="uses",
        help_text="If it used an additional appointment instead of the allocation.",
    )  # fmt: skip
    grant_ordinal = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Which one of the grant.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "source_kind", "source_id"],
                name="booking_counts_once_against_a_policy",
                violation_error_code="counted_twice",
                violation_error_message="This booking is already counted.",
            ),
            models.UniqueConstraint(
                fields=["student", "policy", "period_key", "ordinal"],
                condition=Q(consumes=True) & ~Q(period_key=""),
                name="allocation_is_used_one_by_one",
                violation_error_code="allocation_used",
                violation_error_message="Another booking has just used your last appointment.",
            ),
            models.UniqueConstraint(
                fields=["grant", "grant_ordinal"],
                name="granted_appointment_is_used_once",
                violation_error_code="allocation_used",
                violation_error_message="Another booking has just used your additional appointment.",
            ),
            models.CheckConstraint(
                condition=Q(grant__isnull=True, grant_ordinal__isnull=True)
                | Q(grant__isnull=False, grant_ordinal__isnull=False, grant_ordinal__gte=1),
                name="use_of_a_grant_says_which",
                violation_error_code="grant_ordinal",
                violation_error_message="Enter which of the granted appointments it uses.",
            ),
            choice_check("allocation_use", "source_kind", SourceKind.values),
        ]
        indexes = [models.Index(fields=["source_id"], name="use_by_source")]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.source_id}"
