"""How many absences count on a day, and which step they lead to. No queries; nothing is blocked here (ELIG-3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.rules.policy import Policy
from eligibility.models import ReviewStep, Strike, StrikeKind
from foundation.outcomes.decisions import ALLOWED, Decision, refuse
from foundation.values.counted import counted
from foundation.values.times import spoken_day


@dataclass(frozen=True, slots=True)
class Thresholds:
    review_at: int
    hold_at: int

    def step(self, count: int) -> ReviewStep | None:
        """The highest step reached with this many strikes."""
        if count >= self.hold_at:
            return ReviewStep.HOLD
        return ReviewStep.REVIEW if count >= self.review_at else None


def consequence_words(step: ReviewStep | None) -> str:
    """What this many absences lead to, as the student reads it; empty if nothing."""
    match step:
        case ReviewStep.HOLD:
            return "A careers manager decides whether to pause booking for a time, and tells you at once."
        case ReviewStep.REVIEW:
            return "A careers manager looks at how we can help. You can still book."
    return ""


def thresholds(kind: str, policy: Policy) -> Thresholds:
    """If kinds are counted together, the thresholds for appointments apply to all."""
    if policy.strikes_counted_apart and kind == StrikeKind.EVENT:
        return Thresholds(policy.strike_event_review_at, policy.strike_event_hold_at)
    if policy.strikes_counted_apart and kind == StrikeKind.OTHER:
        return Thresholds(policy.strike_other_review_at, policy.strike_other_hold_at)
    return Thresholds(policy.strike_review_at, policy.strike_hold_at)


def counts_from(today: date, policy: Policy) -> date:
    """The first day whose absences count on `today`: the later of the window's start and the last reset day."""
    first = today - timedelta(days=policy.strike_window_days - 1) if policy.strike_window_days else date.min
    return max(first, last_reset(today, policy.strike_reset_day))


def last_reset(today: date, day: str) -> date:
    """The latest `day` (month-day) up to `today`, or `date.min` if none is set. 29 February counts as 1 March in other
    years.
    """
    for year in (today.year, today.year - 1):
        if (reset := _day_in(year, day)) and reset <= today:
            return reset
    return date.min


def _day_in(year: int, day: str) -> date | None:
    month, _, number = day.strip().partition("-")
    try:
        leap = date(2024, int(month), int(number))
    except ValueError:
        return None
    return date(year, 3, 1) if (leap.month, leap.day) == (2, 29) else date(year, leap.month, leap.day)


def counting(strikes: Iterable[Strike], kind: str, today: date, policy: Policy) -> list[Strike]:
    """Strikes that count towards the thresholds of `kind` on `today`: not excused and within the window."""
    since = counts_from(today, policy)
    return [
        strike
        for strike in strikes
        if not strike.is_excused
        and since <= strike.on <= today
        and (strike.kind == kind or not policy.strikes_counted_apart)
    ]


def counter_of(kind: str, policy: Policy) -> str:
    """The kind of the review: if kinds are counted together, always that of appointments."""
    return kind if policy.strikes_counted_apart else str(StrikeKind.APPOINTMENT)


def may_hold(first: date, last: date, today: date, policy: Policy) -> Decision:
    """Whether a hold for these days can be placed today."""
    if last < first:
        return refuse("hold_dates", "The hold ends before it begins.", "Choose a last day on or after the first.")
    if first < today:
        return refuse(
            "hold_in_the_past", "A hold cannot begin in the past.", f"Begin it on {spoken_day(today)} or later."
        )
    if (last - first).days + 1 > policy.hold_most_days:
        latest = spoken_day(first + timedelta(days=policy.hold_most_days - 1))
        return refuse(
            "hold_too_long",
            f"A hold can last {counted(policy.hold_most_days, 'day')} at most.",
            f"End it on {latest} or before.",
        )
    return ALLOWED
