from datetime import datetime

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from foundation.db.choice_checks import choice_check
from foundation.values.public_ids import new_public_id
from queries.models.inbound_email import InboundEmail
from queries.models.query import Query, categories_answered_by


class MessageKind(models.TextChoices):
    ASKED = "asked", "from the person"
    REPLY = "reply", "our reply"
    COMMENT = "comment", "internal comment"
    """Never shown to the person."""


class Via(models.TextChoices):
    PAGE = "page", "on the page"
    EMAIL = "email", "by email"
    TELEPHONE = "telephone", "by telephone"
    API = "api", "by a program"


TOLD = Q(held_until__isnull=True) | Q(held_until__lte=Now())
"""Messages that their person may know of."""


class QueryMessageQuerySet(models.QuerySet["QueryMessage"]):
    def visible_to(self, user: User) -> "QueryMessageQuerySet":
        """Comments between colleagues are visible only to those who answer the query; other messages also to its
        person: a reply once it can no longer be undone."""
        answers = Q(query__category__in=categories_answered_by(user)) & ~Q(query__person=user)
        return self.filter(answers | (Q(query__person=user) & ~Q(kind=MessageKind.COMMENT) & TOLD))


class QueryMessage(models.Model):
    """One message of a thread. `by` is empty for an email, since its address does not prove who sent it."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=10, choices=MessageKind.choices)
    via = models.CharField(max_length=10, choices=Via.choices, default=Via.PAGE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, related_name="+")
    from_address = models.EmailField(blank=True)
    text = models.TextField()
    quoted = models.TextField(blank=True, help_text="What an email repeated of earlier ones.")
    email = models.ForeignKey(
        InboundEmail, on_delete=models.SET_NULL, null=True, blank=True, related_name="messages",
        help_text="The original that it came in.",
    )  # fmt: skip
    at = models.DateTimeField()
    held_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then the reply can be undone, and its person does not see it."
    )

    objects = QueryMessageQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["query", "at"], name="message_by_thread"),
            GinIndex(fields=["text"], opclasses=["gin_trgm_ops"], name="message_words"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="message_says_something",
                violation_error_code="message_empty",
                violation_error_message="Write something first.",
            ),
            models.CheckConstraint(
                condition=Q(kind=MessageKind.ASKED) | Q(by__isnull=False),
                name="message_of_ours_has_its_author",
                violation_error_code="message_author",
                violation_error_message="A reply or comment must have an author.",
            ),
            choice_check("query_message", "kind", MessageKind.values),
            choice_check("query_message", "via", Via.values),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def told_at(self) -> datetime:
        """When its person could first see it."""
        return self.held_until or self.at
