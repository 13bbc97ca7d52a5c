from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from appointments.models.appointment_type import AppointmentType
from appointments.models.diary_template import DiaryTemplate
from foundation.values.public_ids import new_public_id
from places.models import Location


class DiaryBlockQuerySet(models.QuerySet["DiaryBlock"]):
    def visible_to(self, user: object) -> "DiaryBlockQuerySet":
        """Blocks that the user may change: advisers their own, managers everybody's."""
        if user.has_role("careers_manager"):  # type: ignore[attr-defined]  # Django types the signed-in user as an object
            return self
        return self.filter(adviser=user)


class DiaryBlock(models.Model):
    """Time that an adviser has published. Free times are computed from blocks and never stored."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    adviser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="diary_blocks")
    during = DateTimeRangeField()
    local_date = models.DateField()
    types = models.ManyToManyField(AppointmentType, related_name="diary_blocks", verbose_name="appointment types")
    locations = models.ManyToManyField(Location, related_name="diary_blocks")
    template = models.ForeignKey(DiaryTemplate, on_delete=models.SET_NULL, null=True, related_name="blocks")
    release_at = models.DateTimeField("bookable from", null=True, blank=True)

    objects = DiaryBlockQuerySet.as_manager()

    class Meta:
        ordering = ["during"]
        constraints = [
            ExclusionConstraint(
                name="diary_blocks_of_an_adviser_do_not_overlap",
                expressions=[("adviser", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                violation_error_code="block_overlaps",
                violation_error_message="Availability is already published for part of this time.",
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False) & Q(during__lower_inf=False) & Q(during__upper_inf=False),
                name="diary_block_has_a_start_and_an_end",
                violation_error_code="block_empty",
                violation_error_message="The end must be later than the start.",
            ),
        ]
        indexes = [models.Index(fields=["local_date", "adviser"], name="block_by_day")]

    def __str__(self) -> str:
        return f"{self.adviser_id} {self.local_date}"
