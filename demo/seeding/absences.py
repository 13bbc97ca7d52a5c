"""Creates the absence reviews that the miss rules would have opened; those with a hold are closed."""

from accounts.models import User
from demo.seeding.institution import Institution
from demo.seeding.named_people import MANAGER
from eligibility.models import Hold, ReviewOutcome, ReviewStep, Strike, StrikeReview
from eligibility.rules.misses import state
from eligibility.selectors.miss_rules import miss_rules_in_force, misses_of


def seed_reviews(institution: Institution) -> None:
    """Skips students who have a review already, open or closed."""
    manager, rules = User.objects.get(email=MANAGER.email), miss_rules_in_force(institution.today)
    reviewed = set(StrikeReview.objects.values_list("student", flat=True))
    misses = misses_of(set(Strike.objects.values_list("student", flat=True)) - reviewed)
    placed = dict(Strike.objects.values_list("source_id", "placed_at"))
    holds = {hold.student_id: hold for hold in Hold.objects.in_force(institution.today)}
    rows = []
    for student, mine in misses.items():
        for miss_count in state(mine, rules, institution.today, institution.calendar()):
            if miss_count.step is None or not miss_count.step.asks_manager:
                continue
            review = StrikeReview(
                student_id=student,
                rule=miss_count.rule.slug,
                step=ReviewStep.HOLD if miss_count.proposes_hold else ReviewStep.REVIEW,
                strikes=miss_count.count,
                opened_at=max(placed[miss.source_id] for miss in miss_count.misses),
            )
            if hold := holds.get(student):
                review.closed_at, review.closed_by, review.hold = hold.decided_at, manager, hold
                review.outcome, review.words = ReviewOutcome.HELD, hold.reason
            rows.append(review)
    StrikeReview.objects.bulk_create(rows)
