from django.conf import settings
from django.db import models
from django.db.models import Q

from documents.models.document import Document
from foundation.db.choice_checks import choice_check
from foundation.values.public_ids import new_public_id
from foundation.values.sources import SourceKind


class DocumentShare(models.Model):
    """Who else may read a document: one adviser by name, or those who may read the notes of its source.

    The source's app creates and ends the share; this app does not know that app's tables.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="shares")
    adviser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")
    source_kind = models.CharField(max_length=12, choices=SourceKind.choices, blank=True)
    source_id = models.CharField(max_length=12, blank=True, db_index=True)
    shared_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("shared_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(adviser__isnull=False, source_kind="", source_id="")
                | (Q(adviser__isnull=True) & ~Q(source_kind="") & ~Q(source_id="")),
                name="share_is_with_an_adviser_or_a_source",
                violation_error_code="share_with_nobody",
                violation_error_message="Choose who to share the document with.",
            ),
            models.UniqueConstraint(
                fields=["document", "adviser"],
                name="document_is_shared_with_an_adviser_once",
                violation_error_code="shared_already",
                violation_error_message="This document is shared with that adviser already.",
            ),
            models.UniqueConstraint(
                fields=["document", "source_kind", "source_id"],
                condition=~Q(source_id=""),
                name="document_is_shared_for_a_source_once",
                violation_error_code="shared_already",
                violation_error_message="This document is attached already.",
            ),
            choice_check("share", "source_kind", SourceKind.values, blank=True),
        )

    def __str__(self) -> str:
        return f"share of {self.document_id}"
