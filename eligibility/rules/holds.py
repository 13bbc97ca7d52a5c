"""May a hold be placed? No queries (ELIG-3)."""

from datetime import date, timedelta

from accounts.rules.policy import Policy
from foundation.outcomes.decisions import ALLOWED, Decision, refuse
from foundation.values.counted import counted
from foundation.values.times import spoken_day


def may_hold(first: date, last: date, today: date, policy: Policy, proposed: date | None = None) -> Decision:
    """Whether a hold for these days can be placed today.

    `proposed` is the last day that a miss rule proposes: it may be later than `hold_most_days` allows.
    """
    if last < first:
        return refuse("hold_dates", "The hold ends before it begins.", "Choose a last day on or after the first.")
    if first < today:
        return refuse(
            "hold_in_the_past", "A hold cannot begin in the past.", f"Begin it on {spoken_day(today)} or later."
        )
    if (last - first).days + 1 > policy.hold_most_days and (proposed is None or last > proposed):
        latest = spoken_day(first + timedelta(days=policy.hold_most_days - 1))
        return refuse(
            "hold_too_long",
            f"A hold can last {counted(policy.hold_most_days, 'day')} at most.",
            f"End it on {latest} or before.",
        )
    return ALLOWED
