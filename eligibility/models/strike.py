from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from foundation.db.choice_checks import choice_check
from foundation.values.public_ids import new_public_id
from foundation.values.sources import Source, SourceKind
from foundation.values.times import plain_day


class StrikeKind(models.TextChoices):
    """Kinds that are counted separately."""

    APPOINTMENT = "appointment", "appointment"
    EVENT = "event", "employer event"
    OTHER = "other", "other session"


class HowMissed(models.TextChoices):
    """Each is counted only if a miss rule names it."""

    MISSED = "missed", "not coming"
    LATE = "late", "arriving too late"
    CANCELLED_LATE = "cancelled_late", "cancelling or moving too late"


class StrikeQuerySet(models.QuerySet["Strike"]):
    def counting(self) -> "StrikeQuerySet":
        """Strikes that count, which are those not excused."""
        return self.filter(excused_at__isnull=True)

    def visible_to(self, user: User) -> "StrikeQuerySet":
        """Advisers and managers, who can excuse them, see everybody's; others see their own."""
        return self if user.may_read_notes else self.filter(student=user)


class Strike(models.Model):
    """A missed appointment, event or session. Excused strikes stay visible as excused. A strike says nothing about what
    follows: the miss rules do (ELIG-3).

    The source is what was missed; `about` names it in words. `type` is the slug of its appointment type, if it had one.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    student = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="strikes")
    kind = models.CharField(max_length=20, choices=StrikeKind.choices, default=StrikeKind.APPOINTMENT)
    how = models.CharField(max_length=20, choices=HowMissed.choices, default=HowMissed.MISSED)
    type = models.SlugField(max_length=60, blank=True, db_index=False)
    source_kind = models.CharField(max_length=12, choices=SourceKind.choices, default=SourceKind.BOOKING)
    source_id = models.CharField(max_length=12, unique=True)
    about = models.CharField(max_length=200, blank=True)
    on = models.DateField()
    placed_at = models.DateTimeField(auto_now_add=True)
    excused_at = models.DateTimeField(null=True, blank=True)
    excused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    excused_because = models.CharField(max_length=300, blank=True)

    objects = StrikeQuerySet.as_manager()

    class Meta:
        ordering = ["-on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(excused_at__isnull=True, excused_by__isnull=True, excused_because="")
                | (Q(excused_at__isnull=False, excused_by__isnull=False) & ~Q(excused_because="")),
                name="strike_is_excused_by_somebody_for_a_reason",
                violation_error_code="excuse_incomplete",
                violation_error_message="An excused absence must say who excused it and why.",
            ),
            choice_check("strike", "kind", StrikeKind.values),
            choice_check("strike", "how", HowMissed.values),
            choice_check("strike", "source_kind", SourceKind.values),
        ]

    def __str__(self) -> str:
        return f"missed on {plain_day(self.on)}"

    @property
    def is_excused(self) -> bool:
        return self.excused_at is not None

    @property
    def source(self) -> Source:
        return Source(SourceKind(self.source_kind), self.source_id)

    @property
    def how_words(self) -> str:
        """`missed`, `too late`, `cancelled too late`: for badges and subjects."""
        words = {HowMissed.LATE: "arrived too late", HowMissed.CANCELLED_LATE: "cancelled or moved too late"}
        return words.get(HowMissed(self.how), "missed")

    @property
    def what(self) -> str:
        """`Careers guidance`, or `an appointment` for older strikes without `about`."""
        return self.about or {"event": "an employer event", "other": "a session"}.get(self.kind, "an appointment")
