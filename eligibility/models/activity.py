from django.conf import settings
from django.db import models


class ActivityKind(models.TextChoices):
    COMPLETION = "completion", "completed or not"
    SCORE = "score", "a score from 0 to 100"
    ATTENDANCE = "attendance", "times attended"


class Activity(models.Model):
    """Something students do that can earn an appointment, such as the CV Essentials pathway."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=ActivityKind)
    link = models.URLField(blank=True, help_text="Where students do it.")

    class Meta:
        verbose_name_plural = "activities"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ActivityResult(models.Model):
    """One student's standing in one activity."""

    student = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="activity_results")
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
                violation_error_message="A score lies between 0 and 100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity}: {self.student}"
