from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Role, User
from foundation.db.choice_checks import choice_check
from foundation.outcomes.versions import Versioned
from foundation.values.public_ids import new_public_id


class Seriousness(models.TextChoices):
    WORRIED = "worried", "I am worried"
    SERIOUS = "serious", "Serious: soon"
    URGENT = "urgent", "Urgent: today"


class ConcernState(models.TextChoices):
    OPEN = "open", "open"
    ESCALATED = "escalated", "escalated"
    CLOSED = "closed", "closed"


def is_lead(user: User) -> bool:
    return user.is_active and user.has_role(Role.WELLBEING_LEAD)


class ConcernQuerySet(models.QuerySet["Concern"]):
    def visible_to(self, user: User) -> "ConcernQuerySet":
        """Visible to wellbeing leads only: not to managers, administrators or the person who raised it (DATA-6)."""
        return self.exclude(student=user) if is_lead(user) else self.none()

    def standing(self) -> "ConcernQuerySet":
        return self.exclude(state=ConcernState.CLOSED)


class Concern(Versioned):
    """A member of staff is worried about a student. Records facts, not diagnoses (ELIG-3, DATA-6).

    `origin_words` says in words what it was raised from, because this layer does not know bookings or queries.
    """

    audit_subject = "wellbeing_concern"

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    student = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="concerns")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    raised_at = models.DateTimeField()
    origin_words = models.CharField(max_length=200, blank=True)
    facts = models.TextField()
    tried = models.TextField(blank=True)
    seriousness = models.CharField(max_length=10, choices=Seriousness.choices)
    state = models.CharField(max_length=10, choices=ConcernState.choices, default=ConcernState.OPEN)
    next_on = models.DateField(help_text="When somebody looks at it again.")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        ordering = ["next_on", "raised_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(facts=""),
                name="concern_says_what_was_seen",
                violation_error_code="concern_facts",
                violation_error_message="Enter what you saw or heard.",
            ),
            models.CheckConstraint(
                condition=Q(state=ConcernState.CLOSED, closed_at__isnull=False)
                | (~Q(state=ConcernState.CLOSED) & Q(closed_at__isnull=True)),
                name="concern_is_closed_at_a_time",
                violation_error_code="concern_closed",
                violation_error_message="Only a closed concern has a closing time.",
            ),
            choice_check("concern", "seriousness", Seriousness.values),
            choice_check("concern", "state", ConcernState.values),
        ]

    def __str__(self) -> str:
        return f"concern {self.public_id}"

    @property
    def is_closed(self) -> bool:
        return self.state == ConcernState.CLOSED

    def is_due(self, today: date) -> bool:
        return not self.is_closed and self.next_on <= today
