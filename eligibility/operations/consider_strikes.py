from datetime import datetime, timedelta

from accounts.models import User
from accounts.operations.record_audit import record_audit
from accounts.rules.policy import policy_in_force
from eligibility.models import ReviewOutcome, ReviewStep, Strike, StrikeReview
from eligibility.notices.strikes import missed
from eligibility.rules.strikes import counter_of, counting, thresholds
from foundation.values.times import database_now, local_day
from messaging.operations.queue_message import queue_messages


def consider_strikes(*, student: User, kind: str, placed: Strike | None = None, until: datetime | None = None) -> None:
    """Acts on the number of strikes that now count: sends a message, opens, changes or closes a review, or proposes a
    hold.

    The caller has locked the student in its transaction. `placed`: the strike that was just added. `until`: how
    long it can be undone, and the student is not told before.
    """
    now, policy = database_now(), policy_in_force()
    counter = counter_of(kind, policy)
    strikes = counting(Strike.objects.filter(student=student), counter, local_day(now), policy)
    if placed in strikes and len(strikes) >= policy.strike_message_at:
        due = now + timedelta(hours=policy.strike_message_hours)
        queue_messages([missed(placed, max(due, until or due))], now)
    step = thresholds(counter, policy).step(len(strikes))
    review = StrikeReview.objects.open().filter(student=student, kind=counter).first()
    if step is None and review:
        review.closed_at, review.outcome = now, ReviewOutcome.LAPSED
        _save(review, "review_lapsed")
    elif review and step:
        _change(review, step, len(strikes))
    elif step and placed in strikes:
        opened = StrikeReview(student=student, kind=counter, step=step, strikes=len(strikes), opened_at=now)
        _save(opened, "hold_proposed" if step == ReviewStep.HOLD else "review_opened")


def _change(review: StrikeReview, step: ReviewStep, count: int) -> None:
    """Moves the review to a higher step, or back after a strike was excused."""
    if (review.step, review.strikes) != (step, count):
        rises = review.step != step and step == ReviewStep.HOLD
        review.step, review.strikes = step, count
        _save(review, "hold_proposed" if rises else "review_changed")


def _save(review: StrikeReview, action: str) -> None:
    review.save()
    record_audit(actor=None, action=action, on=review, student=review.student)
