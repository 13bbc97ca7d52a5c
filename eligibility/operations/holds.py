"""Placing and lifting holds. A named manager decides; the student is told (ELIG-3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from psycopg2.extras import DateRange

from accounts.models import Role, User
from accounts.operations.lock_people import lock_people
from accounts.operations.record_audit import record_audit
from accounts.rules.policy import policy_in_force
from eligibility.models import Hold, HoldCovers, ReviewOutcome, StrikeReview
from eligibility.notices.strikes import HOLD_LIFTED, HOLD_PLACED, about_hold
from eligibility.operations.close_review import close_review
from eligibility.operations.signals import hold_placed
from eligibility.rules.holds import may_hold
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.times import database_now, local_day
from messaging.operations.queue_message import queue_messages

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HoldTerms:
    """What a manager decides. `message` is for the student. `keeps_bookings`: existing appointments stay booked.

    `proposed` is the last day that the miss rules propose, and `stays_open` the types they leave open.
    """

    first: date
    last: date
    reason: str
    message: str
    covers: Sequence[str] = (HoldCovers.APPOINTMENTS,)
    keeps_bookings: bool = True
    stays_open: Sequence[str] = ()
    proposed: date | None = None


@in_one_transaction
def place_hold(*, student: User, terms: HoldTerms, by: User, review: StrikeReview | None = None) -> Hold:
    """Places a hold. It never covers queries, the website or types that stay open on hold (ELIG-3). Locks the student.

    Without `keeps_bookings`, upcoming bookings are cancelled in the same transaction. Closes the review that led to it;
    refuses if somebody else has closed that review.
    """
    require_manager(by)
    lock_people(student)
    today = local_day(database_now())
    require(may_hold(terms.first, terms.last, today, policy_in_force(), terms.proposed))
    if Hold.objects.not_over(today).filter(student=student, covers__overlap=list(terms.covers)).exists():
        raise Refused("held_already", "This student is on hold already.", "Lift that hold first.")
    hold = Hold.objects.create(
        student=student,
        during=DateRange(terms.first, terms.last + DAY),
        reason=terms.reason.strip(),
        message=terms.message.strip(),
        covers=list(terms.covers),
        stays_open=list(terms.stays_open),
        keeps_bookings=terms.keeps_bookings,
        decided_by=by,
    )
    if review:
        close_review(review=review, outcome=ReviewOutcome.HELD, words=terms.reason, by=by, hold=hold)
    _record(hold, by, "hold_placed")
    if not terms.keeps_bookings:
        hold_placed.send(Hold, hold=hold, by=by)
    queue_messages([about_hold(HOLD_PLACED, hold)])
    return hold


@in_one_transaction
def lift_hold(*, hold: Hold, because: str, by: User) -> Hold:
    """Lifts the hold and tells the student, who can book again at once. The hold stays on record. Locks the student."""
    require_manager(by)
    if not because.strip():
        raise Refused("reason_needed", "Enter why you are lifting the hold.", field="because", status=422)
    lock_people(hold.student)
    lifted = Hold.objects.select_for_update(no_key=True).get(pk=hold.pk)
    now = database_now()
    if lifted.lifted_at or lifted.during.upper <= local_day(now):
        raise Refused("hold_over", "This hold has already ended.", "Nothing more needs doing.")
    lifted.lifted_at, lifted.lifted_by, lifted.lifted_because = now, by, because.strip()
    lifted.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    _record(lifted, by, "hold_lifted")
    queue_messages([about_hold(HOLD_LIFTED, lifted)], now)
    return lifted


def require_manager(by: User) -> None:
    if not (by.is_active and by.has_role(Role.CAREERS_MANAGER)):
        raise Refused("not_yours", "Only careers managers can decide holds.", status=403)


def _record(hold: Hold, by: User, action: str) -> None:
    record_audit(actor=by, action=action, on=hold, student=hold.student)
