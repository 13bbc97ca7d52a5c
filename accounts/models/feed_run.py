from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from foundation.db.choice_checks import choice_check
from foundation.values.public_ids import new_public_id


class FeedState(models.TextChoices):
    WAITING = "waiting", "waiting to be checked"
    CHECKING = "checking", "being checked"
    CHECKED = "checked", "checked, not applied"
    APPROVED = "approved", "waiting to be applied"
    APPLYING = "applying", "being applied"
    APPLIED = "applied", "applied"
    REFUSED = "refused", "refused"
    CANCELLED = "cancelled", "deleted"


TO_DO = (FeedState.WAITING, FeedState.CHECKING, FeedState.APPROVED, FeedState.APPLYING)
"""States that a worker handles, including those left by a worker that was killed."""


class FeedSource(models.TextChoices):
    PAGE = "page", "uploaded"
    COMMAND = "command", "from the command line"
    NIGHTLY = "nightly", "nightly"


class FeedRunQuerySet(models.QuerySet["FeedRun"]):
    def visible_to(self, user: Any) -> "FeedRunQuerySet":
        return self if user.is_active and user.is_superuser else self.none()

    def to_do(self) -> "FeedRunQuerySet":
        return self.filter(state__in=TO_DO)


class FeedRun(models.Model):
    """One file of the student feed.

    It is checked first, and applied after somebody has seen the difference (or nightly).
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    source = models.CharField(max_length=10, choices=FeedSource)
    state = models.CharField(max_length=10, choices=FeedState, default=FeedState.WAITING)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")
    started_at = models.DateTimeField(db_default=models.functions.Now())
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")
    file_hash = models.CharField("SHA-256 of the file", max_length=64)
    file_size = models.PositiveIntegerField("bytes")
    file_rows = models.PositiveIntegerField(default=0)
    adds_programmes = models.BooleanField(default=True)
    allows_large_change = models.BooleanField(default=False)
    apply_when_checked = models.BooleanField(default=False)
    is_large_change = models.BooleanField(default=False)
    phase = models.CharField(max_length=20, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    counts = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    """Unknown columns, and programmes and Schools that are new or differ. Contains nothing about people."""
    problem = models.CharField(max_length=500, blank=True)
    checked_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    files_deleted_at = models.DateTimeField(null=True)

    objects = FeedRunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=FeedState.APPLIED) | Q(applied_at__isnull=False),
                name="feed_run_applied_says_when",
                violation_error_code="feed_applied",
                violation_error_message="An applied file says when it was applied.",
            ),
            choice_check("feed_run", "source", FeedSource.values),
            choice_check("feed_run", "state", FeedState.values),
        ]

    def __str__(self) -> str:
        return f"student feed {self.public_id}"

    @property
    def is_to_do(self) -> bool:
        return self.state in TO_DO

    @property
    def has_refused_rows(self) -> bool:
        return bool(self.counts.get("bad_rows")) and self.files_deleted_at is None


class FileKind(models.TextChoices):
    SENT = "sent", "as it was sent"
    BAD_ROWS = "bad_rows", "rows that were refused"


class FeedFile(models.Model):
    """A compressed piece of a run's file.

    It is in the database so that every worker can read it and deletion is final.
    """

    run = models.ForeignKey(FeedRun, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=10, choices=FileKind)
    ordinal = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        ordering = ["kind", "ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "kind", "ordinal"],
                name="feed_file_has_each_piece_once",
                violation_error_code="feed_running",
                violation_error_message="Someone else is applying this file.",
            ),
            choice_check("feed_file", "kind", FileKind.values),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.kind} {self.ordinal}"


class ChangeKind(models.TextChoices):
    NEW = "new", "new"
    CHANGED = "changed", "changed"
    LEAVER = "leaver", "no longer listed"
    REFUSED = "refused", "refused"


class FeedChange(models.Model):
    """What one run does to one person. Deleted with the person; `contents` are emptied with the run’s file."""

    run = models.ForeignKey(FeedRun, on_delete=models.CASCADE, related_name="changes")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")
    university_id = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=ChangeKind)
    fields = ArrayField(models.CharField(max_length=30), default=list)
    contents = models.JSONField(default=list, db_default=[])
    """[field, before, after] or [field, before, after, programme code]. Without confidential fields."""
    line = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["line", "pk"]
        indexes = [models.Index("run", "kind", "line", name="feed_change_by_kind")]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "university_id"],
                name="feed_run_tells_of_a_person_once",
                violation_error_code="feed_running",
                violation_error_message="Someone else is working on this file.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="refused") | Q(applied_at__isnull=True),
                name="refused_rows_are_never_applied",
                violation_error_code="feed_refused_row",
                violation_error_message="A refused row cannot be applied.",
            ),
            choice_check("feed_change", "kind", ChangeKind.values),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.run_id}"
