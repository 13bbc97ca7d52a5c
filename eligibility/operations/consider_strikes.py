from datetime import datetime, timedelta

from accounts.models import User
from accounts.operations.record_audit import record_audit
from eligibility.models import ReviewOutcome, ReviewStep, Strike, StrikeReview
from eligibility.notices.strikes import missed
from eligibility.operations.rule_holds import lift_rule_holds, place_rule_hold
from eligibility.rules.misses import MissCount
from eligibility.selectors.student_facts import student_context
from foundation.values.times import database_now
from messaging.operations.queue_message import queue_messages


def consider_strikes(*, student: User, placed: Strike | None = None, until: datetime | None = None) -> None:
    """Acts on the misses that now count under each rule: sends a message, opens, changes or closes a review, and places
    or lifts the holds of rules that say “by itself”.

    The caller has locked the student in its transaction. `placed`: the strike that was just added. `until`: how
    long it can be undone, and the student is not told before.
    """
    context = student_context(student.pk)
    miss_counts = context.miss_counts
    hit = [each for each in miss_counts if placed and any(miss.source_id == placed.source_id for miss in each.misses)]
    if placed:
        _tell(placed, hit, context.facts.now, until)
    reviews = {review.rule: review for review in StrikeReview.objects.open().filter(student=student)}
    for miss_count in miss_counts:
        _review(student, miss_count, reviews.pop(miss_count.rule.slug, None), is_new=miss_count in hit)
        hold = miss_count.step.hold if miss_count.step else None
        if hold and hold.by_itself and miss_count in hit:
            place_rule_hold(student=student, miss_count=miss_count, hold=hold, context=context, until=until)
    for review in reviews.values():
        _lapse(review)  # its rule is no longer in force
    if placed is None:
        lift_rule_holds(student=student, context=context)


def _tell(placed: Strike, hit: list[MissCount], now: datetime, until: datetime | None) -> None:
    """One message about one miss, however many rules count it."""
    waits = [each.rule.wait_hours for each in hit if each.step and each.step.writes]
    if waits:
        due = now + timedelta(hours=max(waits))
        queue_messages([missed(placed, max(due, until or due))], now)


def _review(student: User, miss_count: MissCount, review: StrikeReview | None, *, is_new: bool) -> None:
    step = None
    if miss_count.step and miss_count.step.asks_manager:
        step = ReviewStep.HOLD if miss_count.proposes_hold else ReviewStep.REVIEW
    if review and step is None:
        _lapse(review)
    elif review and step:
        _change(review, step, miss_count.count)
    elif step and is_new:
        now = database_now()
        opened = StrikeReview(
            student=student, rule=miss_count.rule.slug, step=step, strikes=miss_count.count, opened_at=now
        )
        _save(opened, "hold_proposed" if step == ReviewStep.HOLD else "review_opened")


def _lapse(review: StrikeReview) -> None:
    review.closed_at, review.outcome = database_now(), ReviewOutcome.LAPSED
    _save(review, "review_lapsed")


def _change(review: StrikeReview, step: ReviewStep, count: int) -> None:
    """Moves the review to a higher step, or back after a strike was excused."""
    if (review.step, review.strikes) != (step, count):
        rises = review.step != step and step == ReviewStep.HOLD
        review.step, review.strikes = step, count
        _save(review, "hold_proposed" if rises else "review_changed")


def _save(review: StrikeReview, action: str) -> None:
    review.save()
    record_audit(actor=None, action=action, on=review, student=review.student)
