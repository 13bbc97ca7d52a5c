from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from foundation.db.choice_checks import choice_check
from foundation.values.public_ids import new_public_id


class PeriodKind(models.TextChoices):
    SEMESTER = "semester", "semester"
    TERM = "term", "teaching term"
    READING_WEEK = "reading_week", "reading week"
    EXAMS = "exams", "exams"
    CLOSURE = "closure", "closed (bank holiday or closure)"


class AcademicPeriod(models.Model):
    """A named period of days. The slug stays when the days move, also in a rules file.

    The range is half-open: the last day is the day before its upper bound.
    """

    slug = models.SlugField(max_length=60, unique=True, default=new_public_id)
    kind = models.CharField(max_length=20, choices=PeriodKind)
    name = models.CharField(max_length=80)
    during = DateRangeField()

    class Meta:
        ordering = ["during"]
        constraints = [
            ExclusionConstraint(
                name="academic_periods_of_a_kind_do_not_overlap",
                expressions=[("kind", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                violation_error_code="period_overlaps",
                violation_error_message="Another period of this kind covers some of these days.",
            ),
            models.CheckConstraint(
                condition=models.Q(during__isempty=False)
                & models.Q(during__lower_inf=False)
                & models.Q(during__upper_inf=False),
                name="academic_period_has_a_first_and_a_last_day",
                violation_error_code="period_empty",
                violation_error_message="A period needs a first day and a later last day.",
            ),
            choice_check("academic_period", "kind", PeriodKind.values),
        ]

    def __str__(self) -> str:
        return self.name
