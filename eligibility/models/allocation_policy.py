from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from eligibility.models.audience import Audience
from foundation.db.choice_checks import choice_check
from foundation.values.counted import counted


class Unit(models.TextChoices):
    APPOINTMENTS = "appointments", "appointments"
    MINUTES = "minutes", "minutes of appointments"


class Period(models.TextChoices):
    DAY = "day", "a day"
    WEEK = "week", "a week (Monday to Sunday)"
    MONTH = "month", "a calendar month"
    SEMESTER = "semester", "a semester"
    ACADEMIC_YEAR = "academic_year", "an academic year"
    ROLLING_DAYS = "rolling_days", "any run of so many days"
    AT_ONE_TIME = "at_one_time", "at one time"
    EVER = "ever", "ever"


CALENDAR_PERIODS = frozenset(
    {Period.DAY, Period.WEEK, Period.MONTH, Period.SEMESTER, Period.ACADEMIC_YEAR, Period.EVER}
)


class AllocationPolicy(models.Model):
    """How many appointments, or minutes of them, a student can have in a period, across all types that share this
    policy (ELIG-1).
    """

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120, help_text="What is counted, as students read it: “Careers guidance”.")
    limit = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    unit = models.CharField("counts", max_length=20, choices=Unit, default=Unit.APPOINTMENTS)
    period = models.CharField(max_length=20, choices=Period)
    rolling_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Only for “any run of days”.")
    audience = models.ForeignKey(
        Audience, on_delete=models.PROTECT, null=True, blank=True, help_text="Only for these students; empty: for all."
    )

    class Meta:
        verbose_name_plural = "allocation policies"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period="rolling_days", rolling_days__isnull=False, rolling_days__gte=1)
                | (~Q(period="rolling_days") & Q(rolling_days__isnull=True)),
                name="rolling_policy_has_its_days",
                violation_error_code="rolling_days",
                violation_error_message="Enter the number of days only for “any run of so many days”.",
            ),
            models.CheckConstraint(
                condition=Q(limit__gte=1),
                name="allocation_is_at_least_one",
                violation_error_code="limit_zero",
                violation_error_message="An allocation must be 1 or more. To offer none, stop offering the type.",
            ),
            choice_check("allocation_policy", "period", Period.values),
            choice_check("allocation_policy", "unit", Unit.values),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.sentence}"

    @property
    def period_words(self) -> str:
        """`a semester`, `in any 14 days`: what follows a number."""
        return {
            Period.DAY: "a day",
            Period.WEEK: "a week",
            Period.MONTH: "a month",
            Period.SEMESTER: "a semester",
            Period.ACADEMIC_YEAR: "an academic year",
            Period.ROLLING_DAYS: f"in any {counted(self.rolling_days or 0, 'day')}",
            Period.AT_ONE_TIME: "at one time",
            Period.EVER: "altogether",
        }[Period(self.period)]

    @property
    def sentence(self) -> str:
        return f"{self.amount_words} {self.period_words}"

    @property
    def counts_minutes(self) -> bool:
        return self.unit == Unit.MINUTES

    @property
    def amount_words(self) -> str:
        """`2`, `90 minutes`"""
        return counted(self.limit, "minute") if self.counts_minutes else str(self.limit)
