from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from documents.inspection.taken_out import WORDS, TakenOut
from documents.models.document import Document
from documents.models.stored_file import StoredFile
from foundation.db.choice_checks import choice_check, choices_check

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User


class Format(models.TextChoices):
    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"


CONTENT_TYPES = {
    Format.PDF: "application/pdf",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class VersionState(models.TextChoices):
    QUARANTINED = "quarantined", "Being checked"
    CLEAN = "clean", "Checked"
    REFUSED = "refused", "Refused"


class DocumentVersionQuerySet(models.QuerySet["DocumentVersion"]):
    def due(self, now: datetime) -> DocumentVersionQuerySet:
        return self.filter(state=VersionState.QUARANTINED, try_at__lte=now)

    def readable_by(self, user: User) -> DocumentVersionQuerySet:
        """Only checked versions: nobody can download a quarantined file, not even its owner.

        People other than the owner get only the newest checked version.
        """
        newer = DocumentVersion.objects.filter(
            document=OuterRef("document"), number__gt=OuterRef("number"), state=VersionState.CLEAN
        )
        shared = Q(document__in=Document.objects.shared_with(user).values("pk")) & ~Exists(newer)
        return self.filter(Q(document__owner=user) | shared, state=VersionState.CLEAN)


class DocumentVersion(models.Model):
    """One file of a document. Quarantined until checked; a refused version keeps its reason but no file.

    `try_at` is when a worker may claim it: at once, later if the scanner was unavailable, or the end of the current
    lease. `strikes` counts claims that never finished; `claim` changes with each.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="version")
    format = models.CharField(max_length=4, choices=Format.choices)
    size = models.PositiveIntegerField(help_text="Bytes, of what is served.")
    sha256 = models.CharField(max_length=64, help_text="Of what is served.")
    uploaded_sha256 = models.CharField(max_length=64, help_text="Of the file that was uploaded.")
    uploaded_at = models.DateTimeField(default=timezone.now)

    state = models.CharField(max_length=12, choices=VersionState.choices, default=VersionState.QUARANTINED)
    reason = models.CharField(max_length=40, blank=True, help_text="Why it was refused: a code.")
    taken_out = ArrayField(
        models.CharField(max_length=12, choices=[(code.value, WORDS[code]) for code in TakenOut]),
        default=list,
        blank=True,
        help_text="What the copy that is served leaves out: codes.",
    )
    scanned_by = models.CharField(max_length=20, blank=True, help_text="Empty: no virus scanner is set up.")
    checked_at = models.DateTimeField(null=True)
    try_at = models.DateTimeField(default=timezone.now)
    claim = models.UUIDField(null=True)
    strikes = models.PositiveSmallIntegerField(default=0)

    objects = DocumentVersionQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        indexes = (models.Index(fields=["try_at"], condition=Q(state=VersionState.QUARANTINED), name="version_due"),)
        constraints = (
            models.UniqueConstraint(
                fields=["document", "number"],
                name="version_has_its_own_number",
                violation_error_code="busy",
                violation_error_message="Another version is being added at this moment. Please try again.",
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.REFUSED, file__isnull=True)
                | (~Q(state=VersionState.REFUSED) & Q(file__isnull=False)),
                name="version_has_its_file_unless_refused",
                violation_error_code="document_refused",
                violation_error_message="A refused file must not be stored.",
            ),
            models.CheckConstraint(
                condition=(Q(state=VersionState.REFUSED) & ~Q(reason=""))
                | (~Q(state=VersionState.REFUSED) & Q(reason="")),
                name="version_refused_says_why",
                violation_error_code="document_refused",
                violation_error_message="A refused file must say why.",
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.CLEAN) | Q(taken_out__len=0),
                name="version_taken_out_is_of_a_released_copy",
                violation_error_code="document_unchecked",
                violation_error_message="Only a released copy can have something removed.",
            ),
            models.CheckConstraint(
                condition=~Q(state=VersionState.CLEAN) | Q(checked_at__isnull=False),
                name="version_released_says_when",
                violation_error_code="document_unchecked",
                violation_error_message="A file must be checked before it is released.",
            ),
            choice_check("version", "format", Format.values, message="Only PDF and Word (DOCX) files can be used."),
            choice_check("version", "state", VersionState.values),
            choices_check("version", "taken_out", [code.value for code in TakenOut]),
        )

    def __str__(self) -> str:
        return f"version {self.number} of {self.document_id}"

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[Format(self.format)]

    @property
    def taken_out_words(self) -> list[str]:
        return [WORDS[TakenOut(code)] for code in self.taken_out]

    @property
    def kilobytes(self) -> int:
        return max(1, round(self.size / 1024))
