from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from foundation.db.choice_checks import choice_check
from foundation.values.public_ids import new_public_id

if TYPE_CHECKING:
    from accounts.models import User


class Channel(models.TextChoices):
    EMAIL = "email", "Email"
    SMS = "sms", "Text message"


class Purpose(models.TextChoices):
    """DATA-1: three separate purposes; MARKETING and ALUMNI need a recorded permission."""

    SERVICE = "service", "Service message"
    MARKETING = "marketing", "Careers marketing"
    ALUMNI = "alumni", "Alumni contact"


class DeliveryState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    UNKNOWN = "unknown", "Delivery unknown"
    CANCELLED = "cancelled", "Cancelled"
    MISSED = "missed", "Too late to send"


MOST_COPIES = 2
"""If a mail server does not confirm an email, it is sent once more with the same Message-ID, and then no more."""

HAS_WORDS = ~Q(subject="") | ~Q(body_text="") | ~Q(body_html="")

UNSENT_FOR_A_REASON = (DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.CANCELLED, DeliveryState.MISSED)


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def due(self, now: datetime) -> OutboxQuerySet:
        return self.filter(state=DeliveryState.QUEUED, try_at__lte=now)

    def stuck(self, now: datetime) -> OutboxQuerySet:
        """Messages claimed by a dispatcher whose lease has run out."""
        return self.filter(state=DeliveryState.SENDING, lease_until__lte=now)

    def unresolved(self, now: datetime) -> OutboxQuerySet:
        return self.filter(state=DeliveryState.UNKNOWN, try_at__lte=now)

    def held_by(self, message: OutboxMessage) -> OutboxQuerySet:
        """The row of this message, unless another dispatcher has claimed it since."""
        return self.filter(pk=message.pk, claim=message.claim)

    def visible_to(self, user: User) -> OutboxQuerySet:
        return self.all() if user.is_superuser else self.filter(recipient=user)


class OutboxMessage(models.Model):
    """A message to one person on one channel, written in the transaction of the operation that it reports.

    `context` holds ids only; the text is composed when the message is sent. `try_at` equals `not_before` until a
    failure postpones it. For a message in state unknown it is the time of the next look-up at the provider.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.SERVICE)
    # Deleting a person deletes what was written to them.
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    to_address = models.CharField(max_length=254, blank=True)
    context = models.JSONField(default=dict, blank=True)
    regarding = models.CharField(max_length=40, blank=True, db_index=True)
    dedupe_key = models.CharField(max_length=160, unique=True)
    not_before = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)

    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    try_at = models.DateTimeField(default=timezone.now)
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    strikes = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How many copies of this email a mail server may have."
    )
    provider = models.CharField(max_length=40, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    subject = models.CharField(max_length=300, blank=True)
    body_text = models.TextField(blank=True)
    body_html = models.TextField(blank=True)
    attachments = models.JSONField(default=list, blank=True)
    message_id = models.CharField(max_length=200, blank=True)

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(
                fields=["try_at", "id"],
                condition=Q(state__in=[DeliveryState.QUEUED, DeliveryState.UNKNOWN]),
                name="message_due",
            ),
            # Messages whose text was deleted leave this index, so finding the next ones does not slow down as the
            # outbox grows.
            models.Index(fields=["created_at"], condition=HAS_WORDS, name="message_with_words"),
            models.Index(fields=["lease_until"], condition=Q(state=DeliveryState.SENDING), name="message_leased"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(copies__lte=MOST_COPIES), name="message_has_at_most_two_copies"),
            models.CheckConstraint(
                condition=Q(recipient__isnull=False) | ~Q(to_address=""),
                name="message_goes_to_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.SENDING, claim__isnull=False, lease_until__isnull=False)
                | (~Q(state=DeliveryState.SENDING) & Q(lease_until__isnull=True)),
                name="message_being_sent_is_leased",
                violation_error_code="message_lease",
                violation_error_message="Only a message that is being sent has a lease.",
            ),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.SENT, sent_at__isnull=False)
                | (~Q(state=DeliveryState.SENT) & Q(sent_at__isnull=True)),
                name="message_sent_says_when",
                violation_error_code="message_sent",
                violation_error_message="Only a sent message has a sent time.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=UNSENT_FOR_A_REASON) | ~Q(reason=""),
                name="message_unsent_says_why",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("not_before")),
                name="message_expires_after_it_is_due",
            ),
            choice_check("message", "state", DeliveryState.values),
            choice_check("message", "channel", Channel.values),
            choice_check("message", "purpose", Purpose.values),
        )

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel} ({self.public_id})"
