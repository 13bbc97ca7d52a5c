from django.db import models
from django.db.models import Q

from accounts.models import User
from foundation.db.choice_checks import choice_check
from foundation.values.public_ids import new_public_id
from queries.models.query import Query


class Handling(models.TextChoices):
    QUEUED = "queued", "waiting"
    THREADED = "threaded", "added to its query"
    OPENED = "opened", "opened a query"
    IGNORED = "ignored", "not answered"
    HELD = "held", "waiting for a colleague to look"
    FAILED = "failed", "could not be read"
    SETTLED = "settled", "dealt with"


NEEDS_ATTENTION = (Handling.HELD, Handling.FAILED)
"""Emails that opened no query and that a colleague must look at."""


class InboundEmailQuerySet(models.QuerySet["InboundEmail"]):
    def visible_to(self, user: User) -> "InboundEmailQuerySet":
        """Emails of the queries that this colleague answers and, for careers staff, emails without a query."""
        seen = Q(query__in=Query.objects.answered_by(user).values("pk"))
        return self.filter(seen | Q(query__isnull=True) if user.is_active and user.is_careers_staff else seen)

    def needing_attention(self) -> "InboundEmailQuerySet":
        return self.filter(handling__in=NEEDS_ATTENTION)


class InboundEmail(models.Model):
    """An email as received, so that none is lost (MAIL-1). Deleted with its query, or at the end of its own retention.

    `digest` is a hash of the received bytes: the same bytes again are the same row. `content` is a hash of sender,
    subject and body: with the same Message-ID it means a second copy. `sender` and `subject` come from the headers and
    prove nothing.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    message_id = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    content = models.CharField(max_length=64, blank=True)
    sender = models.EmailField(blank=True)
    subject = models.CharField(max_length=160, blank=True)
    received_at = models.DateTimeField()
    handling = models.CharField(max_length=10, choices=Handling.choices, default=Handling.QUEUED)
    reason = models.CharField(max_length=200, blank=True)
    raw = models.BinaryField(editable=False)
    size = models.PositiveIntegerField()
    query = models.ForeignKey(Query, on_delete=models.CASCADE, null=True, blank=True, related_name="emails")

    objects = InboundEmailQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at"]
        indexes = [
            models.Index(fields=["message_id"], name="email_by_message_id"),
            models.Index(fields=["-received_at", "-id"], name="email_by_arrival"),
            models.Index(
                fields=["-received_at"],
                name="email_needing_attention",
                condition=Q(handling__in=NEEDS_ATTENTION),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(handling__in=[Handling.THREADED, Handling.OPENED], query__isnull=False)
                | (~Q(handling__in=[Handling.THREADED, Handling.OPENED]) & Q(query__isnull=True)),
                name="email_with_a_query_says_so",
                violation_error_code="email_query",
                violation_error_message="Only an email that opened or joined a query belongs to one.",
            ),
            choice_check("email", "handling", Handling.values),
        ]

    def __str__(self) -> str:
        return f"email {self.public_id}"

    @property
    def needs_attention(self) -> bool:
        return self.handling in NEEDS_ATTENTION

    @property
    def may_be_opened(self) -> bool:
        """May a colleague still turn it into a query? Also after it was marked as dealt with by mistake."""
        return self.needs_attention or self.handling in (Handling.IGNORED, Handling.SETTLED)
