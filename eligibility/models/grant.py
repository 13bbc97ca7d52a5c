from django.conf import settings
from django.db import models

from eligibility.models.allocation_policy import AllocationPolicy


class Grant(models.Model):
    """Additional appointments for one student under one policy, with who decided and why (ELIG-2)."""

    student = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="grants")
    policy = models.ForeignKey(AllocationPolicy, on_delete=models.PROTECT, related_name="grants")
    extra = models.PositiveSmallIntegerField(default=1)
    starts_on = models.DateField()
    expires_on = models.DateField(help_text="The last day of an appointment that may use it.")
    reason = models.CharField(max_length=300)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="grant_has_its_reason",
                violation_error_code="grant_reason",
                violation_error_message="Enter why you are granting it.",
            ),
            models.CheckConstraint(
                condition=models.Q(extra__gte=1),
                name="grant_is_at_least_one",
                violation_error_code="grant_zero",
                violation_error_message="A grant must be 1 appointment or more.",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_on__gte=models.F("starts_on")),
                name="grant_ends_after_it_starts",
                violation_error_code="grant_dates",
                violation_error_message="A grant cannot expire before it begins.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.extra} more of {self.policy}"
