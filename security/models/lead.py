from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.db.choice_checks import choice_check
from foundation.values.public_ids import new_public_id
from security.models.security_case import officer

if TYPE_CHECKING:
    from accounts.models import User


class LeadKind(models.TextChoices):
    CONCURRENT_DEVICES = "concurrent_devices", "Signed in on distant devices at once"
    MANY_DEVICES = "many_devices", "Many devices in a short time"
    REPORTED = "reported", "Reported by somebody"


class LeadState(models.TextChoices):
    OPEN = "open", "To review"
    DISMISSED = "dismissed", "Dismissed"
    CASE = "case", "Became a case"


class LeadQuerySet(models.QuerySet["Lead"]):
    def visible_to(self, user: "User") -> "LeadQuerySet":
        """Visible to information governance only; an officer never sees a lead about themselves."""
        return self.exclude(person=user) if officer(user) else self.none()

    def to_judge(self) -> "LeadQuerySet":
        return self.filter(state=LeadState.OPEN)

    def judged_before(self, moment: datetime) -> "LeadQuerySet":
        return self.filter(judged_at__lt=moment)


class Lead(models.Model):
    """A sign that an account is being misused, for a person to judge; it decides nothing (SEC-1).

    `evidence` has codes, ids and numbers only. Free text is in reported leads only: `happened`, `whose` and `noticed`.
    """

    audit_subject = "security_lead"

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=20, choices=LeadKind)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")
    evidence = models.JSONField(default=dict)
    times_seen = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")
    happened = models.TextField("what happened", max_length=4000, blank=True)
    whose = models.CharField("whose account", max_length=200, blank=True)
    noticed = models.CharField("when", max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=LeadState, default=LeadState.OPEN)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")
    judged_because = models.TextField(max_length=2000, blank=True)

    objects = LeadQuerySet.as_manager()

    class Meta:
        ordering = ["-last_seen_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(state="open") & ~Q(kind="reported"),
                name="lead_is_open_once_for_a_person_and_kind",
                violation_error_code="lead_is_open",
                violation_error_message="There is already an open lead of this kind about this person.",
            ),
            models.CheckConstraint(
                condition=Q(kind="reported") | Q(person__isnull=False),
                name="lead_from_signs_is_about_somebody",
                violation_error_code="lead_about_nobody",
                violation_error_message="A lead must name a person.",
            ),
            models.CheckConstraint(
                condition=Q(state="open", judged_at__isnull=True) | ~Q(state="open") & Q(judged_at__isnull=False),
                name="lead_judged_says_when",
                violation_error_code="lead_judged",
                violation_error_message="A judged lead must say when it was judged.",
            ),
            models.CheckConstraint(
                condition=~Q(state="dismissed") | ~Q(judged_because=""),
                name="lead_dismissed_says_why",
                violation_error_code="reason_needed",
                violation_error_message="Enter why you are dismissing the lead.",
            ),
            models.CheckConstraint(
                condition=Q(judged_by__isnull=True) | Q(judged_at__isnull=False),
                name="lead_judged_by_somebody_says_when",
                violation_error_code="lead_judged",
                violation_error_message="A judged lead must say when it was judged.",
            ),
            choice_check("lead", "kind", LeadKind.values),
            choice_check("lead", "state", LeadState.values),
        ]
        indexes = [models.Index(fields=["state", "-last_seen_at"], name="lead_by_state")]

    def __str__(self) -> str:
        return f"lead {self.public_id}"

    @property
    def is_open(self) -> bool:
        return self.state == LeadState.OPEN

    @property
    def is_reported(self) -> bool:
        return self.kind == LeadKind.REPORTED
