from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q

from eligibility.models import Activity, AllocationPolicy, Audience
from events.models.event_series import EventSeries
from events.models.event_type import EventType
from foundation.db.choice_checks import choice_check
from foundation.outcomes.versions import Versioned
from foundation.values.links import LONGEST_LINK
from foundation.values.public_ids import new_public_id
from foundation.values.sources import Source, SourceKind
from foundation.values.times import spoken_when, told_when
from places.models import MeetingMode

if TYPE_CHECKING:
    from accounts.models import User


class EventState(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    CANCELLED = "cancelled", "Cancelled"


class EventQuerySet(models.QuerySet["Event"]):
    def public(self) -> "EventQuerySet":
        """What everybody sees, signed in or not. Cancelled events stay, marked as cancelled."""
        return self.exclude(state=EventState.DRAFT)

    def visible_to(self, user: "User | None") -> "EventQuerySet":
        """Careers staff also see drafts."""
        return self if user is not None and user.is_authenticated and user.is_careers_staff else self.public()

    def published(self) -> "EventQuerySet":
        return self.filter(state=EventState.PUBLISHED)

    def ahead(self, now: datetime) -> "EventQuerySet":
        """Not over yet."""
        return self.filter(during__endswith__gt=now).order_by("during", "pk")

    def past(self, now: datetime) -> "EventQuerySet":
        return self.filter(during__endswith__lte=now).order_by("-during", "-pk")

    def with_places(self) -> "EventQuerySet":
        """With its type, audience and sessions with their places, for lists: two queries."""
        model: Any = self.model._meta.get_field("sessions").related_model  # its module imports this one
        sessions = models.Prefetch("sessions", model.objects.select_related("location"))
        return self.select_related("type", "audience").prefetch_related(sessions)

    def with_details(self) -> "EventQuerySet":
        """With its limits, series and activity too: three queries."""
        limits = models.Prefetch("type__policies", AllocationPolicy.objects.select_related("audience"))
        return self.with_places().select_related("type", "audience", "series", "counts_as").prefetch_related(limits)


class Event(Versioned):
    """Something that many students attend at once: a talk, a workshop, a fair, a webinar.

    `during` reaches from the start of its first session to the end of its last. An event without places in one way of
    attending does not offer that way. `sequence` rises with every change of time, place or state that people are told
    of.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    type = models.ForeignKey(EventType, on_delete=models.PROTECT, related_name="events")
    series = models.ForeignKey(EventSeries, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=200, help_text="One sentence, shown in the list.")
    description = models.TextField(max_length=8000, blank=True, help_text="You can use Markdown.")
    during = DateTimeRangeField()
    local_date = models.DateField()
    places_in_person = models.PositiveIntegerField("places in the room", null=True, blank=True)
    places_online = models.PositiveIntegerField("places online", null=True, blank=True)
    online_link = models.CharField(
        "link to join",
        max_length=LONGEST_LINK,
        blank=True,
        help_text="Only people who have registered to attend online see it, shortly before the start.",
    )
    audience = models.ForeignKey(
        Audience,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name="who may attend",
        help_text="Empty: every student and graduate.",
    )
    registration_opens_at = models.DateTimeField("registration opens", null=True, blank=True)
    registration_closes_at = models.DateTimeField(
        "registration closes", null=True, blank=True, help_text="Empty: when it starts."
    )
    cancel_until = models.DateTimeField(
        "free cancellation until", null=True, blank=True, help_text="Empty: until it starts."
    )
    is_employer_led = models.BooleanField("led by employers", default=False)
    counts_as = models.ForeignKey(
        Activity,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        limit_choices_to={"kind": "attendance"},
        help_text="Attending is recorded in this activity.",
    )
    shares_with_employers = models.BooleanField(
        "employers get the list of people who agree",
        default=False,
        help_text="Students are asked when they register. Name, course and the answers marked for employers.",
    )
    state = models.CharField(max_length=12, choices=EventState, default=EventState.DRAFT)
    told_reason = models.CharField("why it was cancelled, as students read it", max_length=300, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    attendance_closed_at = models.DateTimeField(null=True, blank=True)
    attendance_closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["during", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(during__isempty=False) & Q(during__lower_inf=False) & Q(during__upper_inf=False),
                name="event_has_a_start_and_an_end",
                violation_error_code="event_times",
                violation_error_message="The end must be later than the start.",
            ),
            models.CheckConstraint(
                condition=Q(places_in_person__gte=1) | Q(places_online__gte=1),
                name="event_has_places",
                violation_error_code="event_places",
                violation_error_message="Enter the places in the room, online or both.",
            ),
            models.CheckConstraint(
                condition=(Q(places_in_person__isnull=True) | Q(places_in_person__gte=1))
                & (Q(places_online__isnull=True) | Q(places_online__gte=1)),
                name="event_places_are_not_zero",
                violation_error_code="event_places",
                violation_error_message="Leave the places empty if people cannot attend in this way.",
            ),
            models.CheckConstraint(
                condition=Q(online_link="") | Q(places_online__isnull=False, online_link__startswith="https://"),
                name="event_link_is_for_attending_online",
                violation_error_code="event_link",
                violation_error_message="Only an event with places online has a link, and it starts with https://.",
            ),
            models.CheckConstraint(
                condition=Q(registration_opens_at__isnull=True)
                | Q(registration_closes_at__isnull=True)
                | Q(registration_closes_at__gt=F("registration_opens_at")),
                name="event_registration_closes_after_it_opens",
                violation_error_code="registration_times",
                violation_error_message="Registration must close later than it opens.",
            ),
            models.CheckConstraint(
                condition=(Q(state=EventState.DRAFT) & Q(published_at__isnull=True))
                | (~Q(state=EventState.DRAFT) & Q(published_at__isnull=False)),
                name="event_published_says_when",
                violation_error_code="event_published",
                violation_error_message="Enter when the event was published, and only then.",
            ),
            models.CheckConstraint(
                condition=(Q(state=EventState.CANCELLED) & Q(cancelled_at__isnull=False))
                | (~Q(state=EventState.CANCELLED) & Q(cancelled_at__isnull=True)),
                name="event_cancelled_says_when",
                violation_error_code="event_cancelled",
                violation_error_message="Enter when the event was cancelled, and only then.",
            ),
            models.CheckConstraint(
                condition=Q(attendance_closed_at__isnull=True, attendance_closed_by__isnull=True)
                | Q(attendance_closed_at__isnull=False, attendance_closed_by__isnull=False),
                name="event_attendance_is_closed_by_somebody",
                violation_error_code="attendance_closed",
                violation_error_message="Closing the attendance says who did it, and when.",
            ),
            choice_check("event", "state", EventState.values),
        ]
        indexes = [
            GistIndex(fields=["during"], name="event_by_time"),
            models.Index(fields=["local_date"], name="event_by_day"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def source(self) -> Source:
        return Source(SourceKind.EVENT, self.public_id)

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
    def told_when(self) -> str:
        """With the name of the time zone, for emails and confirmations."""
        return told_when(self.starts_at, self.ends_at)

    @property
    def closes_at(self) -> datetime:
        """When registration closes."""
        return self.registration_closes_at or self.starts_at

    @property
    def free_until(self) -> datetime:
        """Cancelling later counts as missing it."""
        return self.cancel_until or self.starts_at

    @property
    def is_draft(self) -> bool:
        return self.state == EventState.DRAFT

    @property
    def is_published(self) -> bool:
        return self.state == EventState.PUBLISHED

    @property
    def is_cancelled(self) -> bool:
        return self.state == EventState.CANCELLED

    def places(self, mode: str) -> int:
        """How many can attend in this way; 0 if nobody can."""
        places = {MeetingMode.IN_PERSON.value: self.places_in_person, MeetingMode.ONLINE.value: self.places_online}
        return places.get(mode) or 0

    @property
    def modes(self) -> list[MeetingMode]:
        """The ways to attend, in the order in which they are shown."""
        return [mode for mode in (MeetingMode.IN_PERSON, MeetingMode.ONLINE) if self.places(mode)]
