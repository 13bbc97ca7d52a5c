from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from events.models.event import Event
from foundation.values.public_ids import new_public_id
from foundation.values.times import spoken_when
from places.models import Location


class EventSession(models.Model):
    """One sitting of an event: most events have one, an event of several days one for each."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="sessions")
    title = models.CharField(max_length=120, blank=True)
    during = DateTimeRangeField()
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, null=True, blank=True, related_name="event_sessions"
    )
    venue = models.CharField(
        "other address", max_length=300, blank=True, help_text="For a visit: where it is, if not in one of our places."
    )

    class Meta:
        ordering = ["during"]
        constraints = [
            ExclusionConstraint(
                name="sessions_of_an_event_do_not_overlap",
                expressions=[("event", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                violation_error_code="session_overlaps",
                violation_error_message="Two sessions of this event overlap.",
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False) & Q(during__lower_inf=False) & Q(during__upper_inf=False),
                name="event_session_has_a_start_and_an_end",
                violation_error_code="session_times",
                violation_error_message="The end must be later than the start.",
            ),
            models.CheckConstraint(
                condition=Q(location__isnull=True) | Q(venue=""),
                name="event_session_is_in_one_place",
                violation_error_code="session_place",
                violation_error_message="Choose a place or enter another address, not both.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.when}"

    @property
    def starts_at(self) -> datetime:
        starts: datetime = self.during.lower
        return starts

    @property
    def ends_at(self) -> datetime:
        ends: datetime = self.during.upper
        return ends

    @property
    def when(self) -> str:
        return spoken_when(self.starts_at, self.ends_at)

    @property
    def place_words(self) -> str:
        """`Atrium, Lecture room 1`, an address, or an empty string for an event that is online only."""
        if self.location is None:
            return self.venue
        return ", ".join(filter(None, [self.location.name, self.location.building]))
