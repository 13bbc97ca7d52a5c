from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q

from foundation.values.public_ids import new_public_id


class TimeOutQuerySet(models.QuerySet["TimeOut"]):
    def visible_to(self, user: object) -> "TimeOutQuerySet":
        if user.has_role("careers_manager"):  # type: ignore[attr-defined]  # Django types the signed-in user as an object
            return self
        return self.filter(adviser=user)


class TimeOut(models.Model):
    """Time when an adviser is away.

    No constraint covers it: sickness may overlap bookings, which staff then rearrange.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    adviser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="time_out")
    during = DateTimeRangeField()
    reason = models.CharField(max_length=120, blank=True, help_text="Only careers staff see this.")

    objects = TimeOutQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "time out"
        ordering = ["during"]
        constraints = [
            models.CheckConstraint(
                condition=Q(during__isempty=False) & Q(during__lower_inf=False) & Q(during__upper_inf=False),
                name="time_out_has_a_start_and_an_end",
                violation_error_code="time_out_empty",
                violation_error_message="The end must be later than the start.",
            ),
        ]
        indexes = [GistIndex(fields=["adviser", "during"], name="time_out_by_adviser")]

    def __str__(self) -> str:
        return f"{self.adviser_id} away"
