from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.db.choice_checks import choice_check
from foundation.values.public_ids import new_public_id

if TYPE_CHECKING:
    from accounts.models import User


class DocumentKind(models.TextChoices):
    CV = "cv", "CV"
    APPLICATION = "application", "Application form"
    ADVERT = "advert", "Job advert"


class DocumentQuerySet(models.QuerySet["Document"]):
    def owned_by(self, user: User) -> DocumentQuerySet:
        return self.filter(owner=user)

    def visible_to(self, user: User) -> DocumentQuerySet:
        """The user's own documents and, for staff who may read notes, those shared with them by name or with a booking
        (DATA-6). The front desk, alumni relations and administrators see none."""
        return self.filter(Q(owner=user) | Q(pk__in=Document.objects.shared_with(user).values("pk")))

    def shared_with(self, user: User) -> DocumentQuerySet:
        """May contain duplicates: use it with `in`, not as a list."""
        if not user.may_read_notes:
            return self.none()
        return self.filter(Q(shares__adviser=user) | Q(shares__source_id__gt=""))

    def shared_by_name_with(self, user: User) -> DocumentQuerySet:
        return self.filter(shares__adviser=user) if user.may_read_notes else self.none()


class Document(models.Model):
    """A document that a person uploaded and named. Its files are its versions."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    # Deleting a person deletes their documents; the sweep then removes the files.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="documents")
    kind = models.CharField(max_length=12, choices=DocumentKind.choices, default=DocumentKind.CV)
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(name=""),
                name="document_has_a_name",
                violation_error_code="document_name",
                violation_error_message="Give the document a name.",
            ),
            choice_check(
                "document", "kind", DocumentKind.values, message="Choose a CV, an application form or a job advert."
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def newest(self):
        """The newest `DocumentVersion`. Prefetch `versions` for more than one document."""
        return self.versions.all()[0]
