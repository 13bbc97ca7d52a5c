from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from foundation.db.choice_checks import choice_check
from foundation.values.sources import SourceKind
from places.models.location import Location


class PlaceUse(models.Model):
    """A place taken as a whole for a time, by something other than an appointment.

    The source is what takes it: this layer does not know events. Only places for one meeting at a time have rows.
    """

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="uses")
    during = DateTimeRangeField()
    source_kind = models.CharField(max_length=12, choices=SourceKind)
    source_id = models.CharField(max_length=12)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="place_is_used_by_one_at_a_time",
                expressions=[("location", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                violation_error_code="place_taken",
                violation_error_message="Another event is in this place at that time.",
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False) & Q(during__lower_inf=False) & Q(during__upper_inf=False),
                name="place_use_has_a_start_and_an_end",
                violation_error_code="place_use_empty",
                violation_error_message="The end must be later than the start.",
            ),
            choice_check("place_use", "source_kind", SourceKind.values),
        ]
        indexes = [models.Index(fields=["source_id"], name="place_use_by_source")]

    def __str__(self) -> str:
        return f"{self.location_id} {self.source_id}"
