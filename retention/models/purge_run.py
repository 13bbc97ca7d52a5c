from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from foundation.db.choice_checks import choice_check
from foundation.values.public_ids import new_public_id


class RunState(models.TextChoices):
    WAITING = "waiting", "to begin"
    ASKING = "asking", "waiting for approval"
    RUNNING = "running", "under way"
    COMPLETED = "completed", "completed"
    STOPPED = "stopped", "stopped"
    FAILED = "failed", "failed"


class Phase(models.TextChoices):
    """Phases in order. An interrupted run resumes in the phase where it stopped."""

    WARN = "warn", "warning people"
    LIST = "list", "listing what is due"
    ROWS = "rows", "deleting queries"
    OWN_CLOCKS = "own_clocks", "deleting records with their own period"
    MENTIONS = "mentions", "looking for names in other people’s records"
    PEOPLE = "people", "deleting people"
    FILES = "files", "removing files"
    COPIES = "copies", "removing copies at providers"
    VERIFY = "verify", "verifying"


TO_DO = (RunState.WAITING, RunState.RUNNING)
OVER = (RunState.COMPLETED, RunState.STOPPED, RunState.FAILED)


class PurgeRunQuerySet(models.QuerySet["PurgeRun"]):
    def visible_to(self, user: User) -> "PurgeRunQuerySet":
        """Visible to information governance only."""
        return self if user.may_read_trail else self.none()

    def to_do(self) -> "PurgeRunQuerySet":
        return self.filter(state__in=TO_DO)

    def completed(self) -> "PurgeRunQuerySet":
        """Real runs that ended successfully, whether or not anything was due."""
        return self.filter(state=RunState.COMPLETED, is_dry=False)


class PurgeRun(models.Model):
    """One nightly deletion run and its evidence: counts by class and a chain of digests, without personal data.

    `night` is the local day in whose first hours it runs. Data kept until the day before is due.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    night = models.DateField()
    is_dry = models.BooleanField("counts, but deletes nothing", default=False)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.WAITING)
    phase = models.CharField(max_length=12, choices=Phase, default=Phase.WARN)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")
    started_at = models.DateTimeField(db_default=models.functions.Now())
    asks_because = models.CharField(max_length=200, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    people_due = models.PositiveIntegerField(default=0)
    people_total = models.PositiveIntegerField(default=0)
    people_done = models.PositiveIntegerField(default=0)
    people_held = models.PositiveIntegerField(default=0)
    warned = models.PositiveIntegerField(default=0)
    position = models.BigIntegerField(default=0)
    """The primary key of the last person or row that the phase has handled."""

    files_removed = models.PositiveIntegerField(default=0)
    copies_deleted = models.PositiveIntegerField(default=0)
    left_over = models.PositiveIntegerField(default=0)
    """How many rows verification found that should have been deleted."""

    attempts = models.PositiveSmallIntegerField(default=0)
    problems = models.JSONField(default=list)
    """Codes and public ids of what could not be deleted. The next night tries again."""

    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    objects = PurgeRunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["night"],
                condition=Q(is_dry=False) & ~Q(state__in=[RunState.STOPPED, RunState.FAILED]),
                name="night_has_one_run",
                violation_error_code="run_exists",
                violation_error_message="There is already a run for this night.",
            ),
            models.CheckConstraint(
                condition=~Q(state=RunState.COMPLETED) | (~Q(digest="") & Q(ended_at__isnull=False)),
                name="completed_run_is_sealed",
                violation_error_code="run_unsealed",
                violation_error_message="A completed run must have its digest.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OVER, ended_at__isnull=False) | (~Q(state__in=OVER) & Q(ended_at__isnull=True)),
                name="run_over_says_when",
                violation_error_code="run_ended",
                violation_error_message="A finished run must say when it ended.",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(approved_at__isnull=False),
                name="run_approved_says_when",
                violation_error_code="run_approved",
                violation_error_message="An approved run must say when it was approved.",
            ),
            choice_check("run", "state", RunState.values),
            choice_check("run", "phase", Phase.values),
        ]

    def __str__(self) -> str:
        return f"purge run of {self.night}"

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def is_to_do(self) -> bool:
        return self.state in TO_DO

    @property
    def can_be_read(self) -> bool:
        """Whether its people can be listed by name: they are still here."""
        return self.is_dry or not self.is_over

    @property
    def percent(self) -> int:
        return round(100 * self.people_done / self.people_due) if self.people_due else 0


class PurgeCount(models.Model):
    """What one run did with one class of the schedule."""

    run = models.ForeignKey(PurgeRun, on_delete=models.CASCADE, related_name="counts")
    key = models.CharField(max_length=30)
    before = models.BigIntegerField(default=0)
    listed = models.BigIntegerField(default=0)
    """Rows due when the run began."""

    forgotten = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    failed = models.BigIntegerField(default=0)
    after = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "key"],
                name="run_counts_a_class_once",
                violation_error_code="count_twice",
                violation_error_message="This class is counted already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} in {self.run_id}"

    def told(self) -> dict[str, Any]:
        names = ("key", "before", "listed", "forgotten", "held", "failed", "after")
        return {name: getattr(self, name) for name in names}

    @property
    def due(self) -> int:
        """Rows that were actually due, including those that became due after listing."""
        return self.forgotten + self.held + self.failed


class Tombstones(models.Model):
    """A tombstone file (public ids only) that this database has applied: see `operations/tombstones.py`."""

    name = models.CharField(max_length=120, unique=True)
    digest = models.CharField(max_length=64)
    applied_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "tombstones"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Statistic(models.Model):
    """Statistics kept about deleted rows: counts by academic year and up to three labels."""

    what = models.CharField(max_length=20)
    academic_year = models.CharField(max_length=10)
    first = models.CharField(max_length=120, blank=True)
    second = models.CharField(max_length=60, blank=True)
    third = models.CharField(max_length=60, blank=True)
    count = models.BigIntegerField()

    class Meta:
        ordering = ["what", "academic_year", "first", "second", "third"]
        constraints = [
            models.UniqueConstraint(
                fields=["what", "academic_year", "first", "second", "third"],
                name="statistic_is_counted_in_one_place",
                violation_error_code="statistic_twice",
                violation_error_message="This is counted already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.academic_year}"


class RetentionWarning(models.Model):
    """Records that a person was told in time when their data will be deleted.

    It counts while no course of theirs ended after `ended_on`, the end of their last course when they were told.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="retention_warnings")
    kept_until = models.DateField(help_text="the last day we told them")
    ended_on = models.DateField()
    warned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kept_until"],
                name="person_is_warned_once_of_a_day",
                violation_error_code="warned_twice",
                violation_error_message="This person has been told already.",
            ),
        ]

    def __str__(self) -> str:
        return f"warned of {self.kept_until}"
