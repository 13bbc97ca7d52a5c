from django.conf import settings
from django.db import models
from django.db.models import F, Q

from appointments.models.appointment_type import AppointmentType
from appointments.models.weekday import Weekday
from foundation.db.choice_checks import choice_check
from foundation.outcomes.versions import Versioned
from foundation.values.public_ids import new_public_id
from places.models import Location


class DiaryTemplateQuerySet(models.QuerySet["DiaryTemplate"]):
    def visible_to(self, user: object) -> "DiaryTemplateQuerySet":
        """Advisers see their own templates, managers everybody's."""
        if user.has_role("careers_manager"):  # type: ignore[attr-defined]  # Django types the signed-in user as an object
            return self
        return self.filter(adviser=user)


class DiaryTemplate(Versioned):
    """Weekly availability in wall-clock time: 09:00 stays 09:00 when the clocks change."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    adviser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="diary_templates")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    starts = models.TimeField("from")
    ends = models.TimeField("to")
    types = models.ManyToManyField(AppointmentType, related_name="diary_templates", verbose_name="appointment types")
    locations = models.ManyToManyField(Location, related_name="diary_templates")
    published_until = models.DateField(null=True, blank=True, editable=False)

    objects = DiaryTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="template_ends_after_it_starts",
                violation_error_code="template_times",
                violation_error_message="The end must be later than the start.",
            ),
            choice_check("template", "weekday", Weekday.values),
        ]

    def linked_keys(self) -> list[list[int]]:
        """The types and the places: two queries."""
        return [sorted(each.values_list("pk", flat=True)) for each in (self.types, self.locations)]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M}–{self.ends:%H:%M}"
