from accounts.models import Role, User
from accounts.operations.lock_people import lock_people
from accounts.operations.record_audit import record_audit
from eligibility.models import Hold, ReviewOutcome, StrikeReview
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.times import database_now

DECIDED = frozenset({ReviewOutcome.NO_ACTION, ReviewOutcome.CONTACTED, ReviewOutcome.HELD})


@in_one_transaction
def close_review(*, review: StrikeReview, outcome: str, words: str, by: User, hold: Hold | None = None) -> StrikeReview:
    """Closes a review with a manager's decision and reason.

    Refuses a review that is already closed. Locks the student.
    """
    if not (by.is_active and by.has_role(Role.CAREERS_MANAGER)):
        raise Refused("not_yours", "Only careers managers can close a review.", status=403)
    if outcome not in DECIDED or (outcome == ReviewOutcome.HELD) != (hold is not None):
        raise Refused("outcome", "Choose the decision.", field="outcome", status=422)
    if not words.strip():
        raise Refused("reason_needed", "Enter the reason.", field="words", status=422)
    lock_people(review.student)
    closed = StrikeReview.objects.select_for_update(no_key=True).get(pk=review.pk)
    if not closed.is_open:
        raise Refused("review_closed", "This review is already closed.", "Open it to see the decision.")
    closed.closed_at, closed.closed_by = database_now(), by
    closed.outcome, closed.words, closed.hold = outcome, words.strip()[:500], hold
    closed.save()
    record_audit(
        actor=by,
        action=f"review_{outcome}",
        on=closed,
        student=closed.student,
    )
    return closed
