from datetime import date

from django.conf import settings
from django.db import models

from eligibility.models.allocation_policy import AllocationPolicy
from foundation.values.times import plain_day


class GrantQuerySet(models.QuerySet["Grant"]):
    def with_use(self) -> "GrantQuerySet":
        return self.annotate(used_count=models.Count("uses"))

    def usable(self, on: date) -> "GrantQuerySet":
        """With an appointment left for that day."""
        counted = self.annotate(used_count=models.Count("uses"))
        return counted.filter(starts_on__lte=on, expires_on__gte=on, used_count__lt=models.F("extra"))


class Grant(models.Model):
    """Additional appointments for one student under one policy, with who decided and why (ELIG-2).

    Each is used up by the booking that needs it, and given back if that is cancelled in time (`AllocationUse.grant`).
    """

    student = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="grants")
    policy = models.ForeignKey(AllocationPolicy, on_delete=models.PROTECT, related_name="grants")
    extra = models.PositiveSmallIntegerField(default=1)
    starts_on = models.DateField()
    expires_on = models.DateField(help_text="The last day of an appointment that may use it.")
    reason = models.CharField(max_length=300)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)

    used_count: int
    """How many bookings use it: of grants read `with_use`."""

    objects = GrantQuerySet.as_manager()

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

    @property
    def used_words(self) -> str:
        """`used` or `1 of 2 used, until 31 January 2027`. Of grants read `with_use`."""
        if self.used_count >= self.extra:
            return "used"
        until = f", until {plain_day(self.expires_on)}" if self.expires_on.year < date.max.year else ""
        return f"{self.used_count} of {self.extra} used{until}"
