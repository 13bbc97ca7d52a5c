from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from documents.models.document import Document
from foundation.values.public_ids import new_public_id


class DocumentShare(models.Model):
    """Who else may read a document: one adviser by name, or whoever reads the notes of what `claim` stands for.

    A claim is a public id (a booking's): this app does not know what it names; who made the claim ends it.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="shares")
    adviser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")
    claim = models.CharField(max_length=40, blank=True, db_index=True)
    shared_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("shared_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(adviser__isnull=False, claim="") | (Q(adviser__isnull=True) & ~Q(claim="")),
                name="share_is_with_an_adviser_or_a_claim",
                violation_error_code="share_with_nobody",
                violation_error_message="Say whom the document is shared with.",
            ),
            models.UniqueConstraint(
                fields=["document", "adviser"],
                name="document_is_shared_with_an_adviser_once",
                violation_error_code="shared_already",
                violation_error_message="This document is shared with that adviser already.",
            ),
            models.UniqueConstraint(
                fields=["document", "claim"],
                condition=~Q(claim=""),
                name="document_is_shared_for_a_claim_once",
                violation_error_code="shared_already",
                violation_error_message="This document is attached already.",
            ),
        )

    def __str__(self) -> str:
        return f"share of {self.document_id}"
