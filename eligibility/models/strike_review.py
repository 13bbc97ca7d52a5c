from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Role, User
from eligibility.models.hold import Hold
from foundation.db.choice_checks import choice_check
from foundation.values.counted import counted
from foundation.values.public_ids import new_public_id


class ReviewStep(models.TextChoices):
    REVIEW = "review", "to look at"
    HOLD = "hold", "hold proposed"


class ReviewOutcome(models.TextChoices):
    """What a person decided.

    `LAPSED` is set automatically when the strikes behind the review were excused or removed.
    """

    NO_ACTION = "no_action", "no action"
    CONTACTED = "contacted", "contacted"
    HELD = "held", "put on hold"
    LAPSED = "lapsed", "no longer needed"


class StrikeReviewQuerySet(models.QuerySet["StrikeReview"]):
    def open(self) -> "StrikeReviewQuerySet":
        return self.filter(closed_at__isnull=True)

    def visible_to(self, user: User) -> "StrikeReviewQuerySet":
        return self if user.is_active and user.has_role(Role.CAREERS_MANAGER) else self.none()


class StrikeReview(models.Model):
    """A student's misses have reached a step at which a manager decides what to do (ELIG-3).

    There is at most one open review for each student and miss rule (`rule` is its slug); further misses update it.
    `step` and `strikes` say why it was opened or last changed. What counts today is computed from the rules.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    student = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="strike_reviews")
    rule = models.SlugField(max_length=60, db_index=False)
    step = models.CharField(max_length=10, choices=ReviewStep.choices)
    strikes = models.PositiveSmallIntegerField(help_text="How many counted when it came to this step.")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=ReviewOutcome.choices, blank=True)
    words = models.CharField(max_length=500, blank=True)
    hold = models.OneToOneField(Hold, on_delete=models.SET_NULL, null=True, blank=True, related_name="review")

    objects = StrikeReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "rule"],
                condition=Q(closed_at__isnull=True),
                name="student_has_one_open_review_of_a_kind",
                violation_error_code="review_open",
                violation_error_message="A review of this student's absences is open already.",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, outcome="")
                | Q(closed_at__isnull=False, closed_by__isnull=True, outcome=ReviewOutcome.LAPSED)
                | (
                    Q(closed_at__isnull=False, closed_by__isnull=False)
                    & Q(outcome__in=[ReviewOutcome.NO_ACTION, ReviewOutcome.CONTACTED, ReviewOutcome.HELD])
                    & ~Q(words="")
                ),
                name="review_is_closed_by_somebody_with_words",
                violation_error_code="review_incomplete",
                violation_error_message="Enter the decision and the reason.",
            ),
            models.CheckConstraint(
                condition=Q(hold__isnull=True) | Q(outcome=ReviewOutcome.HELD),
                name="review_with_a_hold_says_so",
                violation_error_code="review_hold",
                violation_error_message="Only a review that led to a hold can name a hold.",
            ),
            choice_check("strike_review", "step", ReviewStep.values),
            choice_check("strike_review", "outcome", ReviewOutcome.values, blank=True),
        ]

    def __str__(self) -> str:
        return f"review of {counted(self.strikes, 'absence')}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
