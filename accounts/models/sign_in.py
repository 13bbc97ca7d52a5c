from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Exists, OuterRef

from foundation.db.choice_checks import choice_check
from foundation.values.public_ids import new_public_id
from foundation.values.times import plain_moment

if TYPE_CHECKING:
    from accounts.models.user import User


class SignInEnding(models.TextChoices):
    SIGNED_OUT = "signed_out", "signed out"
    REPLACED = "replaced", "ended by a new sign-in"
    ENDED = "ended", "ended from another device"
    EXPIRED = "expired", "not used for too long"
    PASSWORD = "password", "ended by a new password"


class SignInQuerySet(models.QuerySet["SignIn"]):
    def live(self, now: datetime) -> "SignInQuerySet":
        """Sign-ins that were not ended and whose session exists and has not expired."""
        session = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
        return self.filter(Exists(session), ended_at__isnull=True)

    def visible_to(self, user: "User") -> "SignInQuerySet":
        return self.filter(person=user)


class SignIn(models.Model):
    """One signed-in device: its description, network prefix and start. The session itself is Django's row.

    Kept for some days after its end (a setting), because several at once may indicate a shared account (SEC-1).
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    device = models.CharField(max_length=80)
    network = models.CharField(max_length=43, blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="Written at most every five minutes.")
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=12, choices=SignInEnding, blank=True)

    remembered = models.BooleanField(
        "the device is known",
        default=True,
        db_default=True,
        help_text="Wrong passwords that others try elsewhere do not keep its owner out here.",
    )

    objects = SignInQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["person", "started_at"], name="sign_in_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ending="") | models.Q(ended_at__isnull=False, ending__gt=""),
                name="sign_in_ended_says_how",
                violation_error_code="sign_in_ending",
                violation_error_message="A sign-in that has ended says how.",
            ),
            choice_check("sign_in", "ending", SignInEnding.values, blank=True),
        ]

    def __str__(self) -> str:
        return f"{self.device}, {plain_moment(self.started_at)}"
