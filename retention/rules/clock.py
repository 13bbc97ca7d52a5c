"""By when a request is answered (DATA-2). Pure.

UK GDPR, article 12(3), as the ICO reads it: one calendar month from the day it is received, the same day of the next
month or its last one, and where that is no working day the next one that is; two further months where it is complex,
told within the first. The Data (Use and Access) Act 2025 stops the clock while the person is asked for what is needed.
These numbers are law and no settings, as the 72 hours of a breach are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

from foundation.outcomes.decisions import ALLOWED, Decision, refuse
from foundation.values.times import months_after
from retention.models import RightKind, RightsRequest

MONTHS, FURTHER_MONTHS = 1, 2
ACKNOWLEDGE_DAYS = 30
"""Within which a complaint is acknowledged (section 103 of that Act)."""


@cache
def bank_holidays() -> holidays.HolidayBase:
    """England's, with their substitute days; years are worked out as they are asked for."""
    return holidays.country_holidays("GB", subdiv="ENG")


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in bank_holidays()


def next_working_day(day: date) -> date:
    """That day, or the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """`days_paused`: of pauses that are over."""

    kind: str
    received_on: date
    days_paused: int = 0
    is_extended: bool = False
    acknowledged: bool = False
    paused_on: date | None = None


def facts_of(request: RightsRequest) -> ClockFacts:
    return ClockFacts(
        request.kind,
        request.received_on,
        request.days_paused,
        request.extended_on is not None,
        request.acknowledged_on is not None,
        request.paused_on,
    )


def first_day_due(facts: ClockFacts) -> date:
    """Without an extension: by then at the latest it has to be told."""
    return next_working_day(months_after(facts.received_on, MONTHS) + timedelta(days=facts.days_paused))


def due_on(facts: ClockFacts) -> date:
    """The last day for an answer; for a complaint that was not acknowledged yet, for acknowledging it."""
    if facts.kind == RightKind.COMPLAINT and not facts.acknowledged:
        return facts.received_on + timedelta(days=ACKNOWLEDGE_DAYS)
    if not facts.is_extended:
        return first_day_due(facts)
    months = months_after(facts.received_on, MONTHS + FURTHER_MONTHS)
    return next_working_day(months + timedelta(days=facts.days_paused))


def may_extend(facts: ClockFacts, today: date) -> Decision:
    if facts.is_extended:
        return refuse("extended_already", "This request has already been extended by two months.")
    if today > first_day_due(facts):
        return refuse("extension_late", "You can only extend a request in its first month.", "Answer it now.")
    return ALLOWED


def may_pause(facts: ClockFacts, today: date) -> Decision:
    if facts.paused_on is not None:
        return refuse("paused_already", "The deadline is already paused.")
    if today > due_on(facts):
        return refuse("pause_late", "The deadline has passed, so you cannot pause it.", "Answer it now.")
    return ALLOWED
