from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import ExpressionWrapper, F, Func, Q, Value
from django.db.models.functions import Extract

from appointments.models.appointment_type import AppointmentType
from foundation.db.choice_checks import choice_check
from foundation.outcomes.undoing import Undoable
from foundation.outcomes.versions import Versioned
from foundation.values.links import LONGEST_LINK
from foundation.values.public_ids import new_public_id
from foundation.values.sources import Source, SourceKind
from foundation.values.times import spoken_when, told_when
from places.models import Location, MeetingMode

if TYPE_CHECKING:
    from accounts.models import User


class BookingStatus(models.TextChoices):
    HELD = "held", "Held"
    BOOKED = "booked", "Booked"
    ARRIVED = "arrived", "Arrived"
    ATTENDED = "attended", "Attended"
    MISSED = "missed", "Missed"
    CANCELLED = "cancelled", "Cancelled"
    CANCELLED_BY_SERVICE = "cancelled_by_service", "Cancelled by the service"


OCCUPYING = [BookingStatus.HELD, BookingStatus.BOOKED, BookingStatus.ARRIVED]
"""Statuses that still occupy time ahead.

The exclusion constraints cover only these, so past bookings leave the index.
"""

CANCELLED = [BookingStatus.CANCELLED, BookingStatus.CANCELLED_BY_SERVICE]

LASTS_MINUTES = Extract(
    ExpressionWrapper(
        Func(F("during"), function="upper", output_field=models.DateTimeField())
        - Func(F("during"), function="lower", output_field=models.DateTimeField()),
        output_field=models.DurationField(),
    ),
    "epoch",
) / Value(60)


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, user: "User") -> "BookingQuerySet":
        """Students see their own bookings, careers staff all of them (APPT-4), everybody else none."""
        if user.is_careers_staff:
            return self
        return self.filter(student=user) if user.is_student else self.none()

    def occupying(self) -> "BookingQuerySet":
        return self.filter(status__in=OCCUPYING)

    def upcoming(self, now: datetime) -> "BookingQuerySet":
        """Bookings that still occupy time and have not ended."""
        return self.occupying().filter(during__endswith__gt=now).order_by("during")

    def past(self, now: datetime) -> "BookingQuerySet":
        return self.exclude(status__in=OCCUPYING, during__endswith__gt=now).order_by("-during")

    def with_people(self) -> "BookingQuerySet":
        """With what `link_of` needs."""
        return self.select_related("type", "location", "student", "adviser__online_room")


class Booking(Undoable, Versioned):
    """One student with one adviser at one place and time.

    `occupies` is `during` plus the turnaround: how long the adviser and the room are taken. `session` is the booking's
    own id or, in a group, an id that all members share: members may overlap each other, other bookings may not.
    """

    not_in_version = frozenset({"recording_permission", "undo"})
    """The student gives and withdraws it at any time, whatever page anybody has open."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    type = models.ForeignKey(AppointmentType, on_delete=models.PROTECT, related_name="bookings")
    student = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="bookings")
    adviser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="diary_bookings")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="bookings")
    room = models.ForeignKey(Location, on_delete=models.PROTECT, null=True, related_name="+")
    mode = models.CharField(max_length=20, choices=MeetingMode)
    during = DateTimeRangeField()
    occupies = DateTimeRangeField()
    local_date = models.DateField()
    session = models.CharField(max_length=60)
    seat = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=24, choices=BookingStatus, default=BookingStatus.BOOKED)
    consumes = models.BooleanField("counts against the allocation", default=True)
    topic = models.CharField(max_length=80, blank=True)
    help_wanted = models.TextField(max_length=2000, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    recording_permission = models.BooleanField(default=False)
    own_link = models.CharField("link for this appointment", max_length=LONGEST_LINK, blank=True, db_default="")
    phone = models.CharField("number to call", max_length=20, blank=True, db_default="", help_text="In E.164.")
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")
    booked_at = models.DateTimeField()
    override_reason = models.CharField(max_length=300, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    arrived_at = models.DateTimeField(null=True)
    minutes_late = models.PositiveSmallIntegerField(null=True)
    ended_at = models.DateTimeField("cancelled or marked at", null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")
    status_reason = models.CharField(max_length=300, blank=True)
    told_reason = models.CharField("reason told to the student", max_length=300, blank=True, db_default="")
    move_asked_at = models.DateTimeField("told that it must move at", null=True, editable=False)

    hindrance: str
    """Why it cannot take place as booked, or empty: of bookings read `with_hindrance`."""

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["during"]
        constraints = [
            ExclusionConstraint(
                name="booking_adviser_has_one_session",
                expressions=[
                    ("adviser", RangeOperators.EQUAL),
                    ("occupies", RangeOperators.OVERLAPS),
                    ("session", RangeOperators.NOT_EQUAL),
                ],
                condition=Q(status__in=OCCUPYING),
                violation_error_code="time_taken",
                violation_error_message="Somebody else has just booked this time.",
            ),
            ExclusionConstraint(
                name="booking_room_has_one_session",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    ("occupies", RangeOperators.OVERLAPS),
                    ("session", RangeOperators.NOT_EQUAL),
                ],
                condition=Q(status__in=OCCUPYING, room__isnull=False),
                violation_error_code="time_taken",
                violation_error_message="Somebody else has just booked this time.",
            ),
            ExclusionConstraint(
                name="booking_student_is_in_one_place",
                expressions=[("student", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(status__in=OCCUPYING),
                violation_error_code="student_busy",
                violation_error_message="There is already an appointment for this student at that time.",
            ),
            models.UniqueConstraint(
                fields=["session", "seat"],
                condition=Q(status__in=OCCUPYING),
                name="booking_seat_is_taken_once",
                violation_error_code="time_taken",
                violation_error_message="Somebody else has just booked this time.",
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False) & Q(occupies__contains=F("during")),
                name="booking_occupies_its_time",
                violation_error_code="booking_times",
                violation_error_message="The end must be later than the start.",
            ),
            models.CheckConstraint(
                condition=Q(own_link="") | Q(mode=MeetingMode.ONLINE, own_link__startswith="https://"),
                name="booking_link_is_for_meeting_online",
                violation_error_code="link_unusable",
                violation_error_message="Only an online appointment has a link, and it starts with https://.",
            ),
            models.CheckConstraint(
                condition=Q(phone="") | Q(mode=MeetingMode.TELEPHONE),
                name="booking_phone_is_for_a_call",
                violation_error_code="phone_unusable",
                violation_error_message="Only a telephone appointment has a number to call.",
            ),
            models.CheckConstraint(
                condition=Q(consumes=True) | ~Q(override_reason=""),
                name="booking_that_does_not_count_says_why",
                violation_error_code="override_reason",
                violation_error_message="Enter why this booking does not count.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=OCCUPYING, ended_at__isnull=True)
                | (~Q(status__in=OCCUPYING) & Q(ended_at__isnull=False)),
                name="booking_over_says_when",
                violation_error_code="booking_ended",
                violation_error_message="Enter when the appointment was cancelled or marked, and only then.",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True) | Q(ended_at__isnull=False),
                name="booking_ended_by_somebody_says_when",
                violation_error_code="booking_ended_by",
                violation_error_message="Enter when this person cancelled or marked the appointment.",
            ),
            models.CheckConstraint(
                condition=~Q(status=BookingStatus.ARRIVED) | Q(arrived_at__isnull=False),
                name="booking_arrived_says_when",
                violation_error_code="booking_arrived",
                violation_error_message="Enter when the student arrived.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[BookingStatus.BOOKED, BookingStatus.MISSED]) | Q(arrived_at__isnull=True),
                name="booking_without_arrival_has_no_time_of_it",
                violation_error_code="booking_not_arrived",
                violation_error_message="The student has not arrived: remove the time of arrival.",
            ),
            models.CheckConstraint(
                condition=Q(minutes_late__isnull=True)
                | Q(status__in=[BookingStatus.ATTENDED, BookingStatus.MISSED], minutes_late__gte=1),
                name="booking_lateness_is_of_attendance",
                violation_error_code="booking_late",
                violation_error_message="Only a student who came can be late, by 1 minute or more.",
            ),
            models.CheckConstraint(
                condition=Q(minutes_late__isnull=True) | Q(minutes_late__lte=LASTS_MINUTES),
                name="booking_lateness_is_within_it",
                violation_error_code="lateness_impossible",
                violation_error_message="A student cannot be later than the appointment is long.",
            ),
            models.CheckConstraint(
                condition=Q(seat__gte=1),
                name="booking_seat_is_at_least_one",
                violation_error_code="booking_seat",
                violation_error_message="The seat must be 1 or more.",
            ),
            choice_check("booking", "mode", MeetingMode.values),
            choice_check("booking", "status", BookingStatus.values),
        ]
        indexes = [
            models.Index(fields=["adviser", "local_date"], name="booking_by_adviser_and_day"),
            models.Index(fields=["local_date"], condition=Q(status__in=OCCUPYING), name="booking_ahead_by_day"),
            models.Index(fields=["adviser"], name="booking_must_move", condition=Q(move_asked_at__isnull=False)),
            models.Index("student", Func(F("during"), function="lower").desc(), name="booking_by_student"),
        ]

    def __str__(self) -> str:
        return f"{self.type_id} {self.public_id}"

    @property
    def source(self) -> Source:
        """The reference that document shares, strikes and uses of an allocation store for this booking."""
        return Source(SourceKind.BOOKING, self.public_id)

    @property
    def starts_at(self) -> datetime:
        starts: datetime = self.during.lower
        return starts

    @property
    def ends_at(self) -> datetime:
        ends: datetime = self.during.upper
        return ends

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def when(self) -> str:
        return spoken_when(self.starts_at, self.ends_at)

    @property
    def told_when(self) -> str:
        """With the name of the time zone, for emails and confirmations."""
        return told_when(self.starts_at, self.ends_at)

    @property
    def occupies_time(self) -> bool:
        return self.status in OCCUPYING

    @property
    def is_held(self) -> bool:
        return self.status == BookingStatus.HELD

    @property
    def is_cancelled(self) -> bool:
        return self.status in CANCELLED

    @property
    def is_over(self) -> bool:
        return self.status in (BookingStatus.ATTENDED, BookingStatus.MISSED)
