from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from appointments.models.weekday import Weekday
from eligibility.models import AllocationPolicy, Audience
from foundation.db.choice_checks import choice_check, choices_check
from foundation.values.public_ids import new_public_id
from places.models import MeetingMode

WAYS_TO_MEET = "Choose at least one way to meet: in_person, online or telephone."


def _released(days: str = "") -> Q:
    """A release time with this one field of days; or neither."""
    fields = ("release_working_days", "release_days", "release_weekday")
    return Q(release_time__isnull=not days, **{f"{field}__isnull": field != days for field in fields})


class LateCancelling(models.TextChoices):
    """What cancelling or moving inside the notice means."""

    COUNTS = "counts", "counts against the allocation"
    MISS = "miss", "counts against the allocation, and as a miss"
    REFUSED = "refused", "is refused"


class AppointmentTypeQuerySet(models.QuerySet["AppointmentType"]):
    def offered(self) -> "AppointmentTypeQuerySet":
        return self.filter(is_offered=True)

    def with_rules(self) -> "AppointmentTypeQuerySet":
        """Fetches everything that decisions need: one extra query, for any number of types.

        The policies are in `limits`; `policies.all()` would query again.
        """
        policies = AllocationPolicy.objects.select_related("audience")
        return self.select_related("audience").prefetch_related(models.Prefetch("policies", policies, "limits"))


class AppointmentType(models.Model):
    """A kind of appointment: how long, for whom, how many at once and how far ahead it can be booked (ELIG-1)."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    summary = models.CharField(max_length=200, help_text="One sentence, shown in the list.")
    description = models.TextField(blank=True, help_text="What it is for and how to prepare.")
    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(5), MaxValueValidator(480)])
    turnaround_minutes = models.PositiveSmallIntegerField("minutes kept free afterwards", default=0)
    capacity = models.PositiveSmallIntegerField(
        "places", default=1, validators=[MinValueValidator(1)], help_text="More than one: a group session."
    )
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, verbose_name="who may book")
    policies = models.ManyToManyField(
        AllocationPolicy, blank=True, related_name="appointment_types", verbose_name="how many"
    )
    modes = ArrayField(models.CharField(max_length=20, choices=MeetingMode.choices), verbose_name="how people meet")
    confidential_by_nature = models.BooleanField(
        default=True, help_text="Not ticked: never confidential, wherever it is held (applications advice)."
    )
    notice_minutes = models.PositiveIntegerField("minutes of notice", default=0)
    horizon_days = models.PositiveSmallIntegerField("days ahead", default=14)
    release_time = models.TimeField(
        "released at", null=True, blank=True, help_text="Each working day at this time the next days open."
    )
    release_working_days = models.PositiveSmallIntegerField(
        "working days released",
        null=True,
        blank=True,
        help_text="How many working days are open at a time; 0: the same day.",
    )
    release_days = models.PositiveSmallIntegerField(
        "days released",
        null=True,
        blank=True,
        help_text="Instead of working days: how many calendar days are open at a time, released every day.",
    )
    release_weekday = models.PositiveSmallIntegerField(
        "released once a week, on",
        null=True,
        blank=True,
        choices=Weekday.choices,
        help_text="Instead of each working day: on this day of the week the days open that “days ahead” says.",
    )
    term_only = models.BooleanField("in teaching terms only", default=False)
    late_after_minutes = models.PositiveSmallIntegerField(
        "late is missed after",
        default=10,
        help_text="More minutes late than this is missed. 0: arriving late is never missed.",
    )
    late_after_percent = models.PositiveSmallIntegerField(
        "late is missed after (% of its length)",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="Instead of minutes.",
    )
    cancel_notice_minutes = models.PositiveIntegerField(
        "free cancellation until",
        default=0,
        help_text="Minutes before the start; cancelling later still counts against the allocation. 0: until the start.",
    )
    late_cancelling = models.CharField(
        "cancelling or moving later", max_length=20, choices=LateCancelling, default=LateCancelling.COUNTS
    )
    open_on_hold = models.BooleanField(
        "open to students on hold",
        default=False,
        help_text="Ticked: a hold never covers it, as for a drop-in desk. Otherwise a hold on appointments closes it.",
    )
    topics = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    questions = models.JSONField(
        default=list,
        blank=True,
        help_text='Questions to ask: [{"key": "employer", "label": "Employer", "required": true}].',
    )
    document_wanted = models.CharField(
        "document asked for", max_length=120, blank=True, help_text="For example: the job advert. Never required."
    )
    colour = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(7)])
    order = models.PositiveSmallIntegerField(default=0)
    is_offered = models.BooleanField("offered", default=True)

    objects = AppointmentTypeQuerySet.as_manager()

    class Meta:
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=480),
                name="appointment_lasts_from_5_minutes_to_8_hours",
                violation_error_code="type_minutes",
                violation_error_message="An appointment must last from 5 minutes to 8 hours.",
            ),
            models.CheckConstraint(
                condition=_released()
                | _released("release_working_days")
                | _released("release_days")
                | _released("release_weekday"),
                name="release_has_its_time_and_its_days",
                violation_error_code="type_release",
                violation_error_message="Enter the release time with either the working days it opens, the days it "
                "opens or the weekday on which it opens. Or leave all four empty.",
            ),
            models.CheckConstraint(
                condition=Q(late_after_percent__isnull=True)
                | Q(late_after_percent__gte=1, late_after_percent__lte=100),
                name="late_share_is_of_the_length",
                violation_error_code="late_share",
                violation_error_message="Enter a share from 1 to 100 percent.",
            ),
            choice_check("type", "late_cancelling", LateCancelling.values),
            models.CheckConstraint(
                condition=Q(modes__len__gte=1),
                name="appointment_type_has_a_way_to_meet",
                violation_error_code="type_modes",
                violation_error_message=WAYS_TO_MEET,
            ),
            choices_check("type", "modes", MeetingMode.values, message=WAYS_TO_MEET),
            choice_check("type", "release_weekday", Weekday.values),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if not isinstance(self.questions, list) or not all(_is_question(item) for item in self.questions):
            raise ValidationError({"questions": 'Each question needs a "key" and a "label", and may be "required".'})

    @cached_property
    def limits(self) -> list[AllocationPolicy]:
        """The policies, cached: rules read them for every day of a window."""
        return list(self.policies.all())

    @property
    def late_limit(self) -> int:
        """Minutes: more than so many late is missed. 0: arriving late is never missed."""
        if self.late_after_percent is not None:
            return max(self.minutes * self.late_after_percent // 100, 1)
        return self.late_after_minutes

    @property
    def is_group(self) -> bool:
        return self.capacity > 1

    @property
    def mode_words(self) -> str:
        """For example `in person, online or by telephone`."""
        words = {"in_person": "in person", "online": "online", "telephone": "by telephone"}
        named = [words[mode] for mode in MeetingMode.values if mode in self.modes]
        return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"


def _is_question(item: Any) -> bool:
    if not isinstance(item, dict) or set(item) - {"key", "label", "help", "required"}:
        return False
    return all(isinstance(item.get(key), str) and item[key] for key in ("key", "label"))
