from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.db.choice_checks import choice_check
from foundation.values.public_ids import new_public_id
from foundation.values.sources import Source, SourceKind

if TYPE_CHECKING:
    from accounts.models import User


class WaitingState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    OFFERED = "offered", "Offered a place"
    ACCEPTED = "accepted", "Accepted"
    PASSED = "passed", "Declined"
    LAPSED = "lapsed", "Offer ran out"
    LEFT = "left", "Left the list"
    CLOSED = "closed", "List closed"


ON_THE_LIST = [WaitingState.WAITING, WaitingState.OFFERED]


class WaitingEntryQuerySet(models.QuerySet["WaitingEntry"]):
    def visible_to(self, user: "User") -> "WaitingEntryQuerySet":
        """Students see their own entries, careers staff all of them, everybody else none."""
        if user.is_careers_staff:
            return self
        return self.filter(student=user) if user.is_student else self.none()

    def of(self, source: Source) -> "WaitingEntryQuerySet":
        return self.filter(**source.fields)

    def on_the_list(self) -> "WaitingEntryQuerySet":
        return self.filter(state__in=ON_THE_LIST)

    def waiting(self) -> "WaitingEntryQuerySet":
        return self.filter(state=WaitingState.WAITING).order_by("number")

    def offered(self) -> "WaitingEntryQuerySet":
        return self.filter(state=WaitingState.OFFERED)


class WaitingEntry(models.Model):
    """A student in a waiting list: for an event today, for anything that has places.

    The source is what the student waits for; `lane` tells apart the ways to take part that have places of their own.
    `number` is the order of joining. It is given once and never used again, so the list has no gaps. `skipped_at`: a
    place was free, but the student could not have it then; later places are offered again.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    student = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="waiting_entries")
    source_kind = models.CharField(max_length=12, choices=SourceKind)
    source_id = models.CharField(max_length=12)
    lane = models.CharField(max_length=20, blank=True)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=WaitingState, default=WaitingState.WAITING)
    joined_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True, blank=True)
    offer_ends_at = models.DateTimeField(null=True, blank=True)
    skipped_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = WaitingEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "place in a waiting list"
        verbose_name_plural = "places in waiting lists"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "number"],
                name="waiting_numbers_are_given_once",
                violation_error_code="waiting_number",
                violation_error_message="Somebody else has just joined the waiting list. Try again.",
            ),
            models.UniqueConstraint(
                fields=["student", "source_kind", "source_id"],
                condition=Q(state__in=ON_THE_LIST),
                name="student_waits_once",
                violation_error_code="waiting_already",
                violation_error_message="You are on this waiting list already.",
            ),
            models.CheckConstraint(
                condition=Q(offered_at__isnull=True, offer_ends_at__isnull=True)
                | Q(offered_at__isnull=False, offer_ends_at__gt=models.F("offered_at")),
                name="offer_of_a_place_has_its_times",
                violation_error_code="offer_times",
                violation_error_message="An offer says when it was made and until when it lasts.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[WaitingState.OFFERED, WaitingState.ACCEPTED, WaitingState.LAPSED])
                | Q(offered_at__isnull=False),
                name="place_is_offered_before_it_is_taken",
                violation_error_code="offer_missing",
                violation_error_message="This place was never offered.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ON_THE_LIST, ended_at__isnull=True)
                | (~Q(state__in=ON_THE_LIST) & Q(ended_at__isnull=False)),
                name="waiting_that_is_over_says_when",
                violation_error_code="waiting_ended",
                violation_error_message="Enter when the waiting ended, and only then.",
            ),
            choice_check("waiting_entry", "state", WaitingState.values),
            choice_check("waiting_entry", "source_kind", SourceKind.values),
        ]
        indexes = [
            models.Index(
                fields=["source_id", "lane", "number"],
                condition=Q(state__in=ON_THE_LIST),
                name="waiting_in_order",
            ),
            models.Index(fields=["offer_ends_at"], condition=Q(state=WaitingState.OFFERED), name="offers_that_run_out"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.number}"

    @property
    def source(self) -> Source:
        return Source(SourceKind(self.source_kind), self.source_id)

    @property
    def is_on_the_list(self) -> bool:
        return self.state in ON_THE_LIST

    def is_offered(self, now: datetime) -> bool:
        """Offered, and the offer has not run out."""
        return self.state == WaitingState.OFFERED and self.offer_ends_at is not None and now < self.offer_ends_at
