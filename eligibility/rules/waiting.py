"""Until when an offered place is kept. Knows neither events nor appointments; writes nothing."""

from datetime import datetime, time, timedelta

from accounts.rules.policy import Policy
from foundation.values.times import at, local, local_day

DAY = timedelta(days=1)


def offer_ends_at(now: datetime, starts_at: datetime, closes_at: datetime, policy: Policy) -> datetime | None:
    """When an offer made now ends: shorter near the start, and never after registration closes.

    None if registration has closed, so that nothing can be offered.
    """
    if now >= closes_at:
        return None
    is_near = starts_at - now <= timedelta(hours=policy.waiting_near_hours)
    hours = policy.waiting_near_offer_hours if is_near else policy.waiting_offer_hours
    return min(after_hours_awake(now, timedelta(hours=hours), policy), closes_at)


def after_hours_awake(now: datetime, awake: timedelta, policy: Policy) -> datetime:
    """The moment when so many hours have passed outside the night, which is in local time."""
    moment = now
    while awake > timedelta(0):
        if ends := _end_of_night(moment, policy):
            moment = ends
        until = _next_night(moment, policy)
        step = awake if until is None else min(awake, until - moment)
        moment, awake = moment + step, awake - step
    return moment


def _end_of_night(moment: datetime, policy: Policy) -> datetime | None:
    """None by day."""
    starts, ends, clock = time(policy.night_starts_hour), time(policy.night_ends_hour), local(moment).time()
    if starts == ends:
        return None
    in_night = starts <= clock < ends if starts < ends else clock >= starts or clock < ends
    day = local_day(moment)
    return at(day if clock < ends else day + DAY, ends) if in_night else None


def _next_night(moment: datetime, policy: Policy) -> datetime | None:
    starts, ends = time(policy.night_starts_hour), time(policy.night_ends_hour)
    if starts == ends:
        return None
    tonight = at(local_day(moment), starts)
    return tonight if tonight > moment else at(local_day(moment) + DAY, starts)
