from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models.user import GUARDED, Role
from foundation.db.choice_checks import choice_check
from foundation.values.public_ids import new_public_id

if TYPE_CHECKING:
    from accounts.models.user import User


class ProposalKind(models.TextChoices):
    ROLE = "role", "Give a role"
    SETTING = "setting", "Change a retention setting"
    LIFT = "lift", "Lift a legal hold"
    NIGHT = "night", "Approve a large night"


class ProposalState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    CONFIRMED = "confirmed", "Confirmed"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Too old"


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: "User") -> "ProposalQuerySet":
        """Information governance sees all, administrators and holders see requests for roles that they can confirm.

        Nobody sees that a legal hold about themselves is to be lifted.
        """
        if not user.is_active or not user.guarded_roles:
            return self.none()
        about = Q(person=user) | Q(details__contains={"people": [user.public_id]})
        seen = self.exclude(Q(kind=ProposalKind.LIFT) & about)
        if user.has_role(Role.INFORMATION_GOVERNANCE):
            return seen
        roles = sorted(GUARDED) if user.has_role(Role.ADMINISTRATOR) else user.guarded_roles
        return seen.filter(kind=ProposalKind.ROLE, subject__in=roles)

    def waiting(self, now: datetime) -> "ProposalQuerySet":
        return self.filter(state=ProposalState.WAITING, expires_at__gt=now)


class Proposal(models.Model):
    """Something that takes two people: one has asked for it, another confirms or declines it.

    `subject`: the role, the setting's key, or the public id of the legal hold or nightly run. `details`: values that
    only the kind knows, such as the setting's new value.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=10, choices=ProposalKind)
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.WAITING)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        related_name="+",
        help_text="who gets the role, or whom the hold is about",
    )
    subject = models.CharField(max_length=60)
    details = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject", "person"],
                condition=Q(state="waiting"),
                nulls_distinct=False,
                name="proposal_waits_once",
                violation_error_code="proposed_already",
                violation_error_message="Somebody has asked for this already. It waits for a second person.",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | Q(ended_by__isnull=False) & ~Q(ended_by=F("asked_by")) & (Q(person=None) | ~Q(ended_by=F("person"))),
                name="proposal_takes_two_people",
                violation_error_code="second_person_needed",
                violation_error_message="You asked for this, so somebody else must confirm it.",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True, ended_by__isnull=True)
                | Q(state="expired", ended_at__isnull=False, ended_by__isnull=True)
                | Q(state__in=["confirmed", "declined", "withdrawn"], ended_at__isnull=False, ended_by__isnull=False),
                name="proposal_ended_says_when_and_by_whom",
                violation_error_code="proposal_state",
                violation_error_message="A decision needs its time and its person.",
            ),
            choice_check("proposal", "kind", ProposalKind.values),
            choice_check("proposal", "state", ProposalState.values),
        ]

    def __str__(self) -> str:
        return f"proposal {self.public_id}"

    def is_waiting(self, now: datetime) -> bool:
        return self.state == ProposalState.WAITING and now < self.expires_at
