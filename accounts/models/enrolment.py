from datetime import date

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from foundation.db.choice_checks import choice_check


class Level(models.TextChoices):
    UNDERGRADUATE = "undergraduate", "undergraduate"
    POSTGRADUATE_TAUGHT = "postgraduate_taught", "taught postgraduate"
    POSTGRADUATE_RESEARCH = "postgraduate_research", "research postgraduate"


class Mode(models.TextChoices):
    FULL_TIME = "full_time", "full time"
    PART_TIME = "part_time", "part time"
    DISTANCE = "distance", "distance learning"


class Status(models.TextChoices):
    CURRENT = "current", "current student"
    COMPLETED = "completed", "graduate"
    INTERRUPTED = "interrupted", "interrupted"
    WITHDRAWN = "withdrawn", "withdrawn"


class FeeStatus(models.TextChoices):
    HOME = "home", "home"
    OVERSEAS = "overseas", "overseas"


PROGRAMME_CODE = r"^[A-Za-z0-9._/-]{1,40}\Z"
CODE_WORDS = "A programme code is made of letters, digits and . _ / - without spaces."


class School(models.Model):
    name = models.CharField(max_length=120, unique=True)
    faculty = models.CharField(max_length=120)
    contact_email = models.EmailField(
        "where the School hears from us",
        blank=True,
        default="",
        db_default="",
        help_text="Reports of a suspected breach.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Programme(models.Model):
    code = models.CharField(max_length=40, unique=True, validators=[RegexValidator(PROGRAMME_CODE, CODE_WORDS)])
    name = models.CharField(max_length=160)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="programmes")
    has_placement_year = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Enrolment(models.Model):
    """One course of one student.

    A person can have several; the last completed one starts the retention periods (DATA-4).
    """

    student = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="enrolments")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="enrolments")
    level = models.CharField(max_length=30, choices=Level)
    mode = models.CharField(max_length=20, choices=Mode, default=Mode.FULL_TIME)
    status = models.CharField(max_length=20, choices=Status, default=Status.CURRENT)
    fee_status = models.CharField(max_length=20, choices=FeeStatus, default=FeeStatus.HOME)
    year_of_study = models.PositiveSmallIntegerField(default=1)
    started_on = models.DateField()
    expected_end_on = models.DateField(null=True, blank=True)
    completed_on = models.DateField(null=True, blank=True)
    left_feed_on = models.DateField("no longer in the student feed since", null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-started_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "programme", "started_on"],
                name="course_is_listed_once",
                violation_error_code="course_twice",
                violation_error_message="This person already has this programme with the same first day.",
            ),
            models.CheckConstraint(
                condition=Q(completed_on__isnull=True) | Q(completed_on__gte=F("started_on")),
                name="course_ends_after_it_starts",
                violation_error_code="course_dates",
                violation_error_message="A course cannot be completed before it started.",
            ),
            models.CheckConstraint(
                condition=~Q(status="completed") | Q(completed_on__isnull=False),
                name="completed_course_has_its_day",
                violation_error_code="course_completed_on",
                violation_error_message="Enter the day on which the course was completed.",
            ),
            choice_check("course", "level", Level.values),
            choice_check("course", "mode", Mode.values),
            choice_check("course", "status", Status.values),
            choice_check("course", "fee_status", FeeStatus.values),
        ]

    def __str__(self) -> str:
        return f"{self.programme} ({self.get_level_display()})"

    @property
    def ends_on(self) -> date | None:
        return self.completed_on or self.expected_end_on
