"""Appointment types for one student: what they may book, how many are left, and otherwise why not."""

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import User
from appointments.models import AppointmentType
from appointments.rules.booking import may_book_on
from appointments.rules.window_words import needs_term, opening_words, release_sentence
from appointments.rules.windows import booking_window, is_held_on
from appointments.selectors.booking_targets import offered_types_with_rules
from eligibility.rules.allocation import (
    AllocationBalance,
    allocation_balance,
    applies,
    balances_on,
    may_book_at_all,
    next_day_with_one,
    next_words,
)
from eligibility.rules.audiences import WRONG_RECORD, could_be_met, is_for_another_course
from eligibility.rules.services_end import services_end
from eligibility.selectors.student_facts import Context, student_context
from foundation.outcomes.decisions import ALLOWED, Decision, refuse
from places.models import Confidentiality

FOR_A_WHILE = {"allocation_used", "not_open", "out_of_term"}
"""Codes of refusals that end by themselves."""


@dataclass(frozen=True, slots=True)
class TypeOffer:
    """`first_day` is the first local day that this student could book; None if they may not book.

    `next_on` is the first day for which they have one left, also beyond the days that can be booked now.
    """

    type: AppointmentType
    decision: Decision
    balances: tuple[AllocationBalance, ...]
    first_day: date | None
    next_on: date | None

    @property
    def is_used_up(self) -> bool:
        return any(not where.left for where in self.balances)

    @property
    def tightest(self) -> AllocationBalance:
        """The limit that decides: the one with the fewest left."""
        return min(self.balances, key=lambda where: where.left)

    @property
    def left(self) -> str:
        if self.is_used_up:
            return f"{self.tightest.counted}. {next_words(self.next_on)}".strip()
        return " · ".join(where.sentence for where in self.balances) or "As many as you need"

    @property
    def opens(self) -> str:
        return release_sentence(self.type)

    @property
    def confidentiality(self) -> str:
        """Empty if confidentiality depends on the place (APPT-1, APPT-2)."""
        return "" if self.type.confidential_by_nature else str(Confidentiality.NOT_CONFIDENTIAL)


@dataclass(frozen=True, slots=True)
class TypeOffers:
    """`elsewhere` is for other courses. `hold` is what stops every booking, said once and not on every card."""

    open: tuple[TypeOffer, ...]
    closed: tuple[TypeOffer, ...]
    elsewhere: tuple[TypeOffer, ...]
    hold: Decision
    if_wrong: str = WRONG_RECORD

    @property
    def opens_later(self) -> bool:
        """Whether a closed type opens by itself."""
        return any(offer.decision.code in FOR_A_WHILE for offer in self.closed)

    @property
    def opens_closed(self) -> bool:
        """Whether the list of closed types is shown unfolded: nothing else is open, or one is used up for a while."""
        return not self.open or self.opens_later


def type_list(context: Context) -> TypeOffers:
    """One query, for any number of types."""
    offers = [offer_of(type, context) for type in offered_types_with_rules()]
    hold = may_book_at_all(context.facts, context.facts.today, context.policy.service_email)
    elsewhere = tuple(offer for offer in offers if hold and is_for_another_course(offer.decision))
    return TypeOffers(
        open=tuple(offer for offer in offers if offer.decision),
        closed=tuple(offer for offer in offers if not offer.decision and offer not in elsewhere),
        elsewhere=elsewhere,
        hold=hold,
    )


def services_until(student: User) -> date | None:
    """The last day on which types for graduates are open to this graduate. Three queries."""
    facts = student_context(student.pk).facts
    return services_end((type.audience for type in AppointmentType.objects.offered().with_rules()), facts)


def offer_of(type: AppointmentType, context: Context) -> TypeOffer:
    first = first_bookable_day(type, context)
    decision = ALLOWED if first else _why_not(type, context)
    facts, calendar = context.facts, context.calendar
    balances = tuple(balances_on(type.limits, facts, facts.today, calendar, minutes=type.minutes))
    next_on = facts.today if all(where.left for where in balances) else _next_on(type, context)
    return TypeOffer(type, decision, balances, first, next_on)


def _next_on(type: AppointmentType, context: Context) -> date | None:
    facts = context.facts
    return next_day_with_one(type.limits, facts, facts.today, context.calendar, minutes=type.minutes)


def first_bookable_day(type: AppointmentType, context: Context, except_source: str = "") -> date | None:
    """The first day of the booking window on which the rules allow one more. Does not check for free times."""
    window = booking_window(type, context.facts.now, context.calendar)
    day: date | None = window.first_day
    while day and day <= window.last_day:
        if not is_held_on(type, day, context.calendar):
            day += timedelta(days=1)
        elif may_book_on(type, context, day, except_source):
            return day
        else:
            day = _next_to_try(type, context, day, window.last_day, except_source)
    return None


def _next_to_try(type: AppointmentType, context: Context, day: date, last_day: date, except_source: str) -> date | None:
    """The next day to try: when used-up allocations have one again, otherwise the next day. None if no day can help."""
    if _is_closed_until(type, context, day, last_day):
        return None
    again: list[date | None] = []
    for policy in type.limits:
        if applies(policy, context.facts, day):
            where = allocation_balance(policy, context.facts, day, context.calendar, except_source, type.minutes)
            if not where.left:
                again.append(where.again_on)
    known = [later for later in again if later and later > day]
    if len(known) < len(again):
        return None
    return max(known) if known else day + timedelta(days=1)


def _is_closed_until(type: AppointmentType, context: Context, first: date, last: date) -> bool:
    """Is every one of these days refused, by a rule that applies to all of them or by every audience rule in force?"""
    facts = context.facts
    if not type.is_offered or not may_book_at_all(facts, facts.today, "", type.open_on_hold, type.slug):
        return True
    return not any(could_be_met(rule, facts) for rule in type.audience.conditions_between(first, last))


def _why_not(type: AppointmentType, context: Context) -> Decision:
    today = context.facts.today
    window = booking_window(type, context.facts.now, context.calendar)
    first = next((day for day in window.days() if is_held_on(type, day, context.calendar)), None)
    decision = may_book_on(type, context, first or today)
    if not decision:
        return decision
    if type.term_only and not first:
        return refuse("out_of_term", needs_term(type), "Come back in term.")
    return refuse("not_open", f"You cannot book this now: {opening_words(type)}.", "Come back then.")
