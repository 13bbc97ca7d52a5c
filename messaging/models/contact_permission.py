from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.db.choice_checks import choice_check
from messaging.models.outbox_message import Purpose

if TYPE_CHECKING:
    from accounts.models import User


class ContactChannel(models.TextChoices):
    EMAIL = "email", "Email"
    SMS = "sms", "Text message"
    TELEPHONE = "telephone", "Telephone"
    POST = "post", "Post"


class How(models.TextChoices):
    PAGE = "page", "on their page"
    TOLD = "told", "told a colleague"
    OBJECTION = "objection", "by an objection"
    IMPORT = "import", "from another system"


ASKED_FOR = (Purpose.MARKETING, Purpose.ALUMNI)
"""These two purposes need a recorded permission; service messages do not (DATA-1)."""


class ContactPermissionQuerySet(models.QuerySet["ContactPermission"]):
    def in_force(self) -> ContactPermissionQuerySet:
        """The permissions in force: the latest answer for each person, purpose and channel."""
        return self.order_by("person_id", "purpose", "channel", "-said_at", "-pk").distinct(
            "person_id", "purpose", "channel"
        )

    def visible_to(self, user: User) -> ContactPermissionQuerySet:
        return self.filter(person=user)


class ContactPermission(models.Model):
    """A person's answer for one purpose and channel: yes or no, when, how and where. Rows are added, never changed."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="contact_permissions")
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    channel = models.CharField(max_length=10, choices=ContactChannel.choices)
    given = models.BooleanField()
    said_at = models.DateTimeField()
    how = models.CharField(max_length=10, choices=How.choices, default=How.PAGE)
    where = models.CharField(max_length=80, blank=True, help_text="The page, or what a colleague wrote down.")
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")

    objects = ContactPermissionQuerySet.as_manager()

    class Meta:
        ordering = ("-said_at", "-pk")
        indexes = (models.Index(fields=["person", "purpose", "channel", "-said_at"], name="permission_latest"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(purpose__in=[str(each) for each in ASKED_FOR]),
                name="permission_is_for_a_purpose_that_needs_one",
                violation_error_code="permission_purpose",
                violation_error_message="Permission must be for careers news or for the alumni office.",
            ),
            choice_check("permission", "purpose", Purpose.values),
            choice_check("permission", "channel", ContactChannel.values),
            choice_check("permission", "how", How.values),
        )

    def __str__(self) -> str:
        return f"{self.purpose} by {self.channel}: {'yes' if self.given else 'no'}"
