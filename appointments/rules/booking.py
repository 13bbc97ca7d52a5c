"""May this be booked, moved or cancelled? Decided from facts and the database's clock; writes nothing."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from accounts.models import Role, User
from accounts.rules.policy import Policy
from appointments.models import AppointmentType, Booking, LateCancelling
from appointments.rules.window_words import inside_notice
from appointments.rules.windows import may_start_at
from eligibility.rules.allocation import may_book_at_all, may_take_one
from eligibility.rules.audiences import may_use
from eligibility.rules.facts import Context
from eligibility.rules.miss_words import horizon_sentence
from eligibility.rules.misses import horizon_of
from foundation.outcomes.decisions import ALLOWED, Decision, all_of, refuse
from foundation.values.times import local_day, told_when

HARD = frozenset({"account_suspended", "in_the_past", "type_not_offered"})
"""Refusals that nobody can override."""

HELD = refuse("held", "This appointment is on hold.", "We will release it or cancel it, and email you.")
"""Held bookings wait for somebody else's decision: they are not moved, and never missed (SEC-4)."""


def may_book_type(type: AppointmentType, context: Context, on: date) -> Decision:
    """May this student use this type at all (ELIG-1)?

    `on` is the day of the appointment, or today for the list of types.
    """
    if not type.is_offered:
        return refuse("type_not_offered", f"{type.name} is no longer offered.", "Choose another type of appointment.")
    return all_of(
        [
            may_book_at_all(context.facts, on, context.policy.service_email, type.open_on_hold, type.slug),
            may_use(type.audience.condition_on(on), context.facts, on),
            _near_enough(type, context, on),
        ]
    )


def _near_enough(type: AppointmentType, context: Context, on: date) -> Decision:
    """Some misses shorten how far ahead a student can book (ELIG-3)."""
    days = horizon_of(context.miss_counts, type.slug) if context.facts.misses else None
    if days is None or on <= context.facts.today + timedelta(days=days):
        return ALLOWED
    return refuse("short_horizon", f"You have missed appointments. {horizon_sentence(days)}", "Choose an earlier day.")


def may_book_on(type: AppointmentType, context: Context, on: date, except_source: str = "") -> Decision:
    """May the student use this type, with one more from the allocation, on that local day?

    `except_source`: the booking being moved.
    """
    contact = context.policy.service_email
    allocation = may_take_one(type.limits, context.facts, on, context.calendar, except_source, contact, type.minutes)
    return all_of([may_book_type(type, context, on), allocation])


def may_book_at(type: AppointmentType, context: Context, starts_at: datetime, except_source: str = "") -> Decision:
    """Checks everything except whether the time is free, which depends on the diary."""
    day = local_day(starts_at)
    start = may_start_at(type, starts_at, context.facts.now, context.calendar)
    decision = may_book_on(type, context, day, except_source)
    return all_of([start, decision])


def may_override(decision: Decision, by: User) -> Decision:
    """Careers staff may override a limit with a reason.

    Only a manager may override a hold; nobody may override HARD codes.
    """
    for refusal in decision.reasons:
        if refusal.code in HARD:
            return refusal
        if refusal.code == "on_hold" and not by.has_role(Role.CAREERS_MANAGER):
            return refuse("on_hold", refusal.message, "Only a careers manager can override a hold.")
    return ALLOWED


def may_book_for(student: User, by: User) -> Decision:
    if by == student or (by.is_careers_staff and student.is_student):
        return ALLOWED
    return refuse("not_yours", "You can book appointments for yourself only.")


def may_change(booking: Booking, now: datetime) -> Decision:
    """Bookings can be moved and cancelled until they start; not from the start on (ELIG-2)."""
    if booking.is_held:
        return HELD
    if not booking.occupies_time:
        return refuse("not_changeable", f"This appointment is {booking.get_status_display().lower()} already.")
    if now >= booking.starts_at:
        return refuse(
            "too_late",
            f"This appointment started on {told_when(booking.starts_at)}. You could move or cancel it until then.",
            "If something kept you from coming, tell the careers service.",
        )
    return ALLOWED


def may_move_or_cancel(booking: Booking, now: datetime) -> Decision:
    """By the student, or by staff for the student. Some types refuse both inside their notice."""
    decision = may_change(booking, now)
    if decision and late_change(booking, now) == LateCancelling.REFUSED:
        return refuse("inside_notice", inside_notice(booking), "If you cannot come, tell the careers service.")
    return decision


def late_change(booking: Booking, now: datetime) -> str:
    """What moving or cancelling now means under the type's notice; empty if it is in time.

    An appointment that we asked the student to move can always be moved and cancelled freely.
    """
    notice = booking.type.cancel_notice_minutes * 60
    if booking.move_asked_at is not None or (booking.starts_at - now).total_seconds() >= notice:
        return ""
    return booking.type.late_cancelling


def may_be_restored(booking: Booking, context: Context, *, counts: bool, held_since: bool) -> Decision:
    """May the cancellation of this booking be undone? Not every rule for a new one: it was booked already.

    The account is active, no hold that keeps no bookings was placed since (`held_since`), and what the cancellation
    gave back (`counts`) was not used since. Constraints decide whether the time is still free.
    """
    facts, day, contact = context.facts, local_day(booking.starts_at), context.policy.service_email
    decisions = [may_book_at_all(facts, day, contact, not held_since, booking.type.slug)]
    if counts and not booking.override_reason:
        limits, length = booking.type.limits, booking.minutes
        decisions.append(may_take_one(limits, facts, day, context.calendar, booking.public_id, contact, length))
    return all_of(decisions)


def wait_for_change(changes: Sequence[datetime], now: datetime, policy: Policy) -> timedelta:
    """How long until the student may book or move again; zero if they may now. `changes` are newest first.

    Cancelling counts but is never refused: it frees a time, and there is nothing to cancel without booking first.
    """
    limits = (
        (policy.booking_changes_ten_minutes, timedelta(minutes=10)),
        (policy.booking_changes_a_day, timedelta(hours=24)),
    )
    waits = [changes[most - 1] + within - now for most, within in limits if len(changes) >= most]
    return max([*waits, timedelta(0)])


def present_state(booking: Booking) -> str:
    """When it is now and with whom, or what became of it: for a page that saw it differently."""
    if not booking.occupies_time:
        return f"This appointment is {booking.get_status_display().lower()} now."
    arrived = " The student has arrived." if booking.arrived_at else ""
    return f"The appointment is on {booking.when} with {booking.adviser.name}, {booking.location.name}.{arrived}"
