"""Creates the absence reviews that the thresholds would have opened; those with a hold are closed."""

from collections import defaultdict

from accounts.models import User
from accounts.rules.policy import policy_in_force
from demo.seeding.institution import Institution
from demo.seeding.named_people import MANAGER
from eligibility.models import Hold, ReviewOutcome, Strike, StrikeKind, StrikeReview
from eligibility.rules.strikes import counting, thresholds


def seed_reviews(institution: Institution) -> None:
    """Skips students who have a review already, open or closed."""
    policy, manager = policy_in_force(), User.objects.get(email=MANAGER.email)
    strikes: dict[int, list[Strike]] = defaultdict(list)
    reviewed = StrikeReview.objects.values("student")
    for strike in Strike.objects.exclude(student__in=reviewed).order_by("on"):
        strikes[strike.student_id].append(strike)
    holds = {hold.student_id: hold for hold in Hold.objects.in_force(institution.today)}
    rows = []
    for student, mine in strikes.items():
        counted = counting(mine, StrikeKind.APPOINTMENT, institution.today, policy)
        step = thresholds(StrikeKind.APPOINTMENT, policy).step(len(counted))
        if step is None:
            continue
        review = StrikeReview(
            student_id=student,
            kind=StrikeKind.APPOINTMENT,
            step=step,
            strikes=len(counted),
            opened_at=max(strike.placed_at for strike in counted),
        )
        if hold := holds.get(student):
            review.closed_at, review.closed_by, review.hold = hold.decided_at, manager, hold
            review.outcome, review.words = ReviewOutcome.HELD, hold.reason
        rows.append(review)
    StrikeReview.objects.bulk_create(rows)
