from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from foundation.db.choice_checks import choice_check


class ActivityKind(models.TextChoices):
    COMPLETION = "completion", "completed or not"
    SCORE = "score", "a score from 0 to 100"
    ATTENDANCE = "attendance", "times attended"


class Activity(models.Model):
    """Something that students do and that a rule can require, such as the CV Essentials pathway."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=ActivityKind)
    highest_score = models.PositiveSmallIntegerField(
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="The scale: scores run from 0 to this. For scores only.",
    )
    link = models.URLField(blank=True, help_text="Where students do it.")
    shown_to_students = models.BooleanField(
        "students see their result",
        default=True,
        help_text="On their home page. Careers staff and administrators always see it.",
    )
    lower_replaces = models.BooleanField(
        "a lower result replaces a higher one",
        default=False,
        db_default=False,
        help_text="Results that are lower or earlier, and sent in later, are otherwise refused.",
    )

    class Meta:
        verbose_name_plural = "activities"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(highest_score__gte=1, highest_score__lte=100),
                name="highest_score_of_an_activity_is_1_to_100",
                violation_error_code="scale_range",
                violation_error_message="The highest score must be from 1 to 100.",
            ),
            choice_check("activity", "kind", ActivityKind.values),
        ]

    def __str__(self) -> str:
        return self.name


class ActivityResult(models.Model):
    """One student's result in one activity."""

    student = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="activity_results")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="results")
    completed_on = models.DateField(null=True, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["student", "activity"],
                name="student_has_one_standing_in_an_activity",
                violation_error_code="result_twice",
                violation_error_message="This student already has a result for that activity.",
            ),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__lte=100),
                name="activity_score_is_at_most_100",
                violation_error_code="score_range",
                violation_error_message="A score must be from 0 to 100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity}: {self.student}"
