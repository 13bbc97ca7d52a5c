from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from accounts.models.user import User

READ = "read"
"""The action of entries that record that something was shown to somebody."""

READ_SUBJECTS = {
    "access_needs": "your access needs",
    "booking_access_needs": "access needs for an appointment",
    "booking_notes": "notes of an appointment",
    "declared_disability": "whether you declared a disability",
    "document": "a document",
}
"""Subjects whose readers a person can see, in words for that person."""

CONFIDENTIAL_SUBJECTS = frozenset(
    {
        "concern",
        "disclosure",
        "legal_hold",
        "rights_request",
        "security_case",
        "security_lead",
        "security_report",
        "security_standing",
        "wellbeing_concern",
    }
)
"""Entries that no page of the trail shows. They have pages of their own with narrower access."""


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def open(self) -> "AuditEntryQuerySet":
        return self.exclude(subject__in=CONFIDENTIAL_SUBJECTS)

    def visible_to(self, user: "User") -> "AuditEntryQuerySet":
        """Only information governance reads the trail."""
        return self.open() if user.may_read_trail else self.none()

    def readings_of(self, student: "User") -> "AuditEntryQuerySet":
        """Who looked at this person's notes, documents and access needs."""
        return self.filter(student=student, action=READ, subject__in=READ_SUBJECTS)

    def named(self) -> "AuditEntryQuerySet":
        """Loads the people of each entry; a person whose data was erased is None."""
        return self.select_related("actor", "student")


def _person(about: str) -> "models.ForeignKey[User | None, User | None]":
    """A foreign key without a constraint: the trail never changes, so it keeps the id of a person who was erased."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        blank=True,
        related_name="+",
        help_text=about,
    )


class AuditEntry(models.Model):
    """Who did what, when, to which object, from where. Contains ids, codes and numbers only: no names or free text.

    Triggers refuse UPDATE, DELETE and TRUNCATE (see the initial migration). Use `named()` to load people.
    """

    at = models.DateTimeField(db_default=models.functions.Now(), db_index=True)
    actor = _person("who did it; nobody for the system itself")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40, db_index=True)
    student = _person("whose affairs it touches")
    details = models.JSONField(default=dict)
    origin = models.CharField(max_length=10, db_default="", blank=True)
    """web, api, command or task; empty in entries older than this field."""

    network = models.CharField(max_length=43, db_default="", blank=True)
    """The network prefix that a request came from (`192.0.2.0/24`)."""

    actor_roles = models.CharField(max_length=200, db_default="", blank=True)
    """The roles of the actor at that time; empty in entries older than this field."""

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "audit trail"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.action} {self.subject} {self.subject_id}"
