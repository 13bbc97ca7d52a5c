"""Deadlines of requests (DATA-2). No queries.

UK GDPR, article 12(3), as the ICO reads it: one calendar month from the day of receipt, that is the same day of the
next month or its last day, moved to the next working day. Complex requests get two further months if the person is told
within the first. The Data (Use and Access) Act 2025 pauses the deadline while we wait for something we asked the person
for. These periods are law, so they are not settings; the same is true of the 72 hours of a breach.
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
"""The days within which a complaint must be acknowledged (section 103 of that Act)."""


@cache
def bank_holidays() -> holidays.HolidayBase:
    """Bank holidays in England with their substitute days; the library computes years on demand."""
    return holidays.country_holidays("GB", subdiv="ENG")


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in bank_holidays()


def next_working_day(day: date) -> date:
    """The day itself, or the next working day."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """`days_paused` counts only pauses that have ended."""

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
    """The deadline without an extension; an extension must be announced by then."""
    return next_working_day(months_after(facts.received_on, MONTHS) + timedelta(days=facts.days_paused))


def due_on(facts: ClockFacts) -> date:
    """The deadline for an answer, or for acknowledging a complaint that was not acknowledged yet."""
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
