from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from events.models.event import Event
from events.models.event_parts import EventQuestion, EventReserve
from foundation.db.choice_checks import choice_check
from foundation.outcomes.undoing import Undoable
from foundation.outcomes.versions import Versioned
from foundation.values.public_ids import new_public_id
from foundation.values.sources import Source, SourceKind
from places.models import MeetingMode

if TYPE_CHECKING:
    from accounts.models import User


class RegistrationStatus(models.TextChoices):
    HELD = "held", "On hold"
    REGISTERED = "registered", "Registered"
    ATTENDED = "attended", "Attended"
    PARTLY = "partly", "Attended in part"
    MISSED = "missed", "Missed"
    CANCELLED = "cancelled", "Cancelled"
    CANCELLED_BY_SERVICE = "cancelled_by_service", "Cancelled by the service"


AHEAD = [RegistrationStatus.HELD, RegistrationStatus.REGISTERED]
GIVEN_UP = [RegistrationStatus.CANCELLED, RegistrationStatus.CANCELLED_BY_SERVICE]


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, user: "User") -> "RegistrationQuerySet":
        """Students see their own registrations, careers staff all of them, everybody else none."""
        if user.is_careers_staff:
            return self
        return self.filter(student=user) if user.is_student else self.none()

    def with_places(self) -> "RegistrationQuerySet":
        """Those that have a place, or had one until the end."""
        return self.exclude(status__in=GIVEN_UP)

    def expected(self) -> "RegistrationQuerySet":
        """Those who are expected or were there. Registrations on hold are neither."""
        return self.exclude(status__in=[*GIVEN_UP, RegistrationStatus.HELD])

    def with_event(self) -> "RegistrationQuerySet":
        return self.select_related("event__type", "student").prefetch_related("event__sessions__location")


class Registration(Undoable, Versioned):
    """One student’s place at one event. It cannot be handed to anybody else (SEC-2): no operation changes `student`.

    `seat` counts the places of each way of attending from 1. No two registrations share one. `is_counted`: attending
    it has been added to the event's activity.
    """

    not_in_version = frozenset({"undo"})

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="registrations")
    student = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="registrations")
    mode = models.CharField("way of attending", max_length=20, choices=MeetingMode)
    seat = models.PositiveIntegerField()
    reserve = models.ForeignKey(
        EventReserve, on_delete=models.SET_NULL, null=True, blank=True, related_name="registrations"
    )
    status = models.CharField(max_length=24, choices=RegistrationStatus, default=RegistrationStatus.REGISTERED)
    shares_with_employers = models.BooleanField(default=False)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    override_reason = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    told_reason = models.CharField(max_length=300, blank=True)
    minutes_there = models.PositiveIntegerField("minutes online", null=True, blank=True)
    is_late = models.BooleanField("arrived late", default=False)
    is_counted = models.BooleanField(default=False)
    asked_again_at = models.DateTimeField("asked whether they still come", null=True, blank=True)
    still_coming_at = models.DateTimeField("said they still come", null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "student"],
                condition=~Q(status__in=GIVEN_UP),
                name="student_registers_once_for_an_event",
                violation_error_code="registered_already",
                violation_error_message="You are registered for this event already.",
            ),
            models.UniqueConstraint(
                fields=["event", "mode", "seat"],
                condition=~Q(status__in=GIVEN_UP),
                name="place_at_an_event_is_taken_once",
                violation_error_code="event_full",
                violation_error_message="Somebody else has just taken the last place.",
            ),
            models.CheckConstraint(
                condition=Q(seat__gte=1),
                name="places_count_from_1",
                violation_error_code="seat",
                violation_error_message="Places are counted from 1.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=AHEAD, ended_at__isnull=True)
                | (~Q(status__in=AHEAD) & Q(ended_at__isnull=False)),
                name="registration_over_says_when",
                violation_error_code="registration_ended",
                violation_error_message="Enter when the registration was cancelled or marked, and only then.",
            ),
            models.CheckConstraint(
                condition=Q(still_coming_at__isnull=True) | Q(asked_again_at__isnull=False),
                name="still_coming_answers_a_question",
                violation_error_code="still_coming",
                violation_error_message="Nobody asked whether this person still comes.",
            ),
            models.CheckConstraint(
                condition=Q(is_counted=False)
                | Q(status__in=[RegistrationStatus.REGISTERED, RegistrationStatus.ATTENDED]),
                name="registration_counts_for_attending",
                violation_error_code="registration_counted",
                violation_error_message="Only attending counts towards an activity.",
            ),
            choice_check("registration", "status", RegistrationStatus.values),
            choice_check("registration", "mode", MeetingMode.values),
        ]
        indexes = [models.Index(fields=["student", "status"], name="registration_of_student")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.student_id}"

    @property
    def source(self) -> Source:
        return Source(SourceKind.REGISTRATION, self.public_id)

    @property
    def is_ahead(self) -> bool:
        return self.status in AHEAD

    @property
    def is_held(self) -> bool:
        return self.status == RegistrationStatus.HELD

    @property
    def is_cancelled(self) -> bool:
        return self.status in GIVEN_UP


class RegistrationAnswer(models.Model):
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(EventQuestion, on_delete=models.CASCADE, related_name="answers")
    text = models.TextField(max_length=2000)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "question"],
                name="question_is_answered_once",
                violation_error_code="answered_twice",
                violation_error_message="This question is answered already.",
            ),
        ]

    def __str__(self) -> str:
        return f"answer of registration {self.registration_id}"


class RegistrationNeedsQuerySet(models.QuerySet["RegistrationNeeds"]):
    def visible_to(self, user: "User") -> "RegistrationNeedsQuerySet":
        """Students see their own; the front desk, which receives people, and the event's organisers see the others."""
        if user.may_read_access_needs:
            return self
        own = Q(registration__student=user) if user.is_student else Q(pk__in=[])
        organises = Q(registration__event__organisers__person=user)
        return self.filter(own | organises if user.is_careers_staff else own)


class RegistrationNeeds(models.Model):
    """The access needs for one event: special-category data, so in a table of its own. No row if there are none."""

    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, related_name="needs")
    text = models.TextField("access needs", max_length=1000)

    objects = RegistrationNeedsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "access needs for an event"
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="registration_needs_say_something",
                violation_error_code="access_needs_empty",
                violation_error_message="Enter the access needs.",
            ),
        ]

    def __str__(self) -> str:
        return f"access needs for registration {self.registration_id}"


class EventFeedback(models.Model):
    """What somebody who came thought of the event."""

    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, related_name="feedback")
    score = models.PositiveSmallIntegerField(help_text="From 1 (poor) to 5 (very good).")
    text = models.TextField(max_length=2000, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "feedback on an event"
        constraints = [
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=5),
                name="feedback_score_is_1_to_5",
                violation_error_code="feedback_score",
                violation_error_message="Choose a score from 1 to 5.",
            ),
        ]

    def __str__(self) -> str:
        return f"feedback of registration {self.registration_id}"
