from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from events.models.event import Event
from events.models.event_session import EventSession
from events.models.registration import Registration
from foundation.db.choice_checks import choice_check
from foundation.values.public_ids import new_public_id


class CheckInDevice(models.Model):
    """A tablet that a colleague has opened for checking in, at one event or at the front desk, and nothing else.

    It has no account: its cookie holds a token, of which only the digest is here. It ends by itself.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    name = models.CharField(max_length=80, help_text="For example: Atrium entrance.")
    token_digest = models.CharField(max_length=64, unique=True)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, null=True, blank=True, related_name="devices")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "check-in device"
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("opened_at")),
                name="check_in_device_ends_by_itself",
                violation_error_code="device_times",
                violation_error_message="A check-in device ends after it was opened.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open(self, now: datetime) -> bool:
        """Until it ends, and while the account of whoever opened it is open."""
        return self.ended_at is None and now < self.expires_at and self.opened_by.is_active


class HowCheckedIn(models.TextChoices):
    CODE = "code", "the student's code"
    NAME = "name", "found by name"
    CARD = "card", "university card"
    WALK_IN = "walk_in", "came without registering"
    KIOSK = "kiosk", "a check-in device"
    SELF = "self", "the code on the screen"
    LIST = "list", "marked afterwards"
    REPORT = "report", "a webinar's report"


class CheckIn(models.Model):
    """Somebody was there, at one session of an event. Once, however often and at however many doors they are scanned.

    `by` is the colleague at the door; empty if the student checked in alone. `sent_key` is the scan's own number, from
    a page that was offline.
    """

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="check_ins")
    session = models.ForeignKey(EventSession, on_delete=models.PROTECT, related_name="check_ins")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, related_name="+")
    device = models.ForeignKey(CheckInDevice, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    how = models.CharField(max_length=12, choices=HowCheckedIn)
    sent_key = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = "check-in"
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "session"],
                name="person_is_checked_in_once",
                violation_error_code="checked_in_already",
                violation_error_message="This person is checked in already.",
            ),
            choice_check("check_in", "how", HowCheckedIn.values),
        ]

    def __str__(self) -> str:
        return f"check-in of registration {self.registration_id}"
