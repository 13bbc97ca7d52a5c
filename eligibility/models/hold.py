from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q

from accounts.models import Role, User
from foundation.db.choice_checks import choices_check
from foundation.values.public_ids import new_public_id
from foundation.values.times import local_day, spoken_day

UNTIL_LIFTED = date(9999, 12, 31)
"""The day after the last of a hold that ends only when a manager lifts it."""


class HoldCovers(models.TextChoices):
    APPOINTMENTS = "appointments", "booking appointments"
    EVENTS = "events", "registering for events"


def appointments() -> list[str]:
    return [HoldCovers.APPOINTMENTS.value]


def last_day_words(after: date) -> str:
    """`up to and including Friday 11 December 2026`. `after` is the day after the last, as it is stored."""
    if after >= UNTIL_LIFTED:
        return "until we have talked"
    return f"up to and including {spoken_day(after - timedelta(days=1))}"


def again_words(after: date, covers: Collection[str]) -> str:
    verb = "book" if HoldCovers.APPOINTMENTS in covers else "register"
    if after >= UNTIL_LIFTED:
        return f"You can {verb} again when we have talked."
    return f"You can {verb} again from {spoken_day(after)}."


def appeal_words(appealed_at: datetime | None, answered_at: datetime | None) -> str:
    """What became of an appeal. Empty if there is none, so that the student can still appeal."""
    if answered_at:
        return f"We answered your appeal on {spoken_day(local_day(answered_at))}."
    return f"You appealed on {spoken_day(local_day(appealed_at))}. We’ll reply to your query." if appealed_at else ""


class HoldQuerySet(models.QuerySet["Hold"]):
    def in_force(self, on: date) -> "HoldQuerySet":
        return self.filter(during__contains=on, lifted_at__isnull=True)

    def not_over(self, on: date) -> "HoldQuerySet":
        """In force on `on` or later."""
        return self.filter(during__endswith__gt=on, lifted_at__isnull=True)

    def visible_to(self, user: User) -> "HoldQuerySet":
        """A student's own; careers managers, who decide, see everybody's."""
        return self if user.is_active and user.has_role(Role.CAREERS_MANAGER) else self.filter(student=user)


class Hold(models.Model):
    """A student cannot book for a time. A person decides it, or a miss rule that says “by itself”. The student is told
    why, until when and how to appeal (ELIG-3).

    A hold never covers queries, the website, types that stay open on hold, or the types in `stays_open` (slugs). `rule`
    is the slug of the miss rule that placed it by itself.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    student = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="holds")
    during = DateRangeField()
    reason = models.CharField(max_length=300, help_text="For staff.")
    message = models.CharField(max_length=300, help_text="As the student reads it.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    rule = models.SlugField(max_length=60, blank=True, db_index=False)
    decided_at = models.DateTimeField(auto_now_add=True)
    covers = ArrayField(models.CharField(max_length=20, choices=HoldCovers.choices), default=appointments)
    stays_open = ArrayField(models.SlugField(max_length=60), default=list, blank=True)
    keeps_bookings = models.BooleanField(default=True, help_text="Appointments booked before it still take place.")
    appealed_at = models.DateTimeField("appealed against at", null=True, blank=True, editable=False)
    appeal_answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    lifted_because = models.CharField(max_length=300, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(during__isempty=False)
                & models.Q(during__lower_inf=False)
                & models.Q(during__upper_inf=False),
                name="hold_has_a_beginning_and_an_end",
                violation_error_code="hold_dates",
                violation_error_message="A hold needs its first day and its end.",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(message=""),
                name="hold_says_why",
                violation_error_code="hold_reason",
                violation_error_message="A hold needs a reason and a message to the student.",
            ),
            models.CheckConstraint(
                condition=Q(covers__len__gte=1),
                name="hold_covers_something",
                violation_error_code="hold_covers",
                violation_error_message="Choose what the hold covers.",
            ),
            models.CheckConstraint(
                condition=Q(appeal_answered_at__isnull=True) | Q(appealed_at__isnull=False),
                name="hold_appeal_answered_was_made",
                violation_error_code="appeal_times",
                violation_error_message="Only an appeal that was made can be answered.",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifted_because="")
                | (Q(lifted_at__isnull=False) & (Q(lifted_by__isnull=False) | ~Q(rule="")) & ~Q(lifted_because="")),
                name="hold_is_lifted_by_somebody_for_a_reason",
                violation_error_code="lift_incomplete",
                violation_error_message="Enter why you are lifting the hold.",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=False, rule="") | (Q(decided_by__isnull=True) & ~Q(rule="")),
                name="hold_is_decided_by_somebody_or_by_a_rule",
                violation_error_code="hold_decided",
                violation_error_message="A hold names who decided it, or the rule that placed it.",
            ),
            choices_check("hold", "covers", HoldCovers.values, message="Choose what the hold covers."),
        ]

    def __str__(self) -> str:
        return f"hold {self.last_words}"

    @property
    def last_day(self) -> date:
        last: date = self.during.upper - timedelta(days=1)
        return last

    @property
    def last_words(self) -> str:
        return last_day_words(self.during.upper)

    @property
    def again_words(self) -> str:
        return again_words(self.during.upper, self.covers)

    @property
    def decided_words(self) -> str:
        """Who or what placed it."""
        return self.decided_by.name if self.decided_by else "Our published rules, without a person deciding"

    @property
    def appeal_words(self) -> str:
        return appeal_words(self.appealed_at, self.appeal_answered_at)

    @property
    def covers_words(self) -> str:
        """`booking appointments and registering for events`"""
        return " and ".join(str(HoldCovers(each).label) for each in HoldCovers.values if each in self.covers)
