"""When a type may be booked: notice, horizon, release, term and closures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from appointments.models import AppointmentType
from appointments.rules.window_words import needs_notice, needs_term, opening_words
from eligibility.rules.calendar import AcademicCalendar
from foundation.outcomes.decisions import ALLOWED, Decision, refuse
from foundation.values.times import at, local_day, spoken_day, told_when

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """Bookable starts: from `earliest` up to and including `last_day`."""

    earliest: datetime
    last_day: date

    @property
    def first_day(self) -> date:
        return local_day(self.earliest)

    def days(self) -> Iterator[date]:
        day = self.first_day
        while day <= self.last_day:
            yield day
            day += timedelta(days=1)


def booking_window(type: AppointmentType, now: datetime, calendar: AcademicCalendar) -> Window:
    last_day = local_day(now) + timedelta(days=type.horizon_days)
    if type.release_weekday is not None:
        last_day = _last_weekly_release(type, now) + timedelta(days=type.horizon_days)
    elif type.release_time is not None and type.release_days is not None:
        released = local_day(now) if now >= at(local_day(now), type.release_time) else local_day(now) - DAY
        last_day = released + type.release_days * DAY
    elif type.release_time is not None and type.release_working_days is not None:
        last_day = calendar.working_days_after(_last_release(type, now, calendar), type.release_working_days)
    return Window(now + timedelta(minutes=type.notice_minutes), last_day)


def _last_release(type: AppointmentType, now: datetime, calendar: AcademicCalendar) -> date:
    """The latest working day whose release time has passed."""
    day, released = local_day(now), type.release_time or time.min
    for _ in range(366):
        if calendar.is_working_day(day) and now >= at(day, released):
            return day
        day -= timedelta(days=1)
    return local_day(now)


def _last_weekly_release(type: AppointmentType, now: datetime) -> date:
    """The latest release weekday whose release time has passed. A closure does not move it."""
    today = local_day(now)
    day = today - timedelta(days=(today.weekday() - (type.release_weekday or 0)) % 7)
    return day if now >= at(day, type.release_time or time.min) else day - timedelta(days=7)


def is_held_on(type: AppointmentType, day: date, calendar: AcademicCalendar) -> bool:
    return not calendar.closed_on(day) and (calendar.in_term(day) or not type.term_only)


def may_start_at(type: AppointmentType, starts_at: datetime, now: datetime, calendar: AcademicCalendar) -> Decision:
    """Checks notice, horizon, release, term and closures for one start."""
    window = booking_window(type, now, calendar)
    if starts_at <= now:
        return refuse("in_the_past", "That time has already begun.", "Choose a later time.")
    if starts_at < window.earliest:
        return _too_soon(type, window)
    return may_be_on(type, local_day(starts_at), window, calendar)


def may_be_on(type: AppointmentType, day: date, window: Window, calendar: AcademicCalendar) -> Decision:
    """The same checks for a whole day: could any time on it be booked?"""
    if day < window.first_day:
        return _too_soon(type, window)
    if day > window.last_day:
        said = f"That day is not open for booking yet: {opening_words(type)}."
        return refuse("too_far_ahead", said, "Choose an earlier day.")
    if calendar.closed_on(day):
        return refuse("closed", f"The careers service is closed on {spoken_day(day)}.", "Choose another day.")
    if not is_held_on(type, day, calendar):
        return refuse("out_of_term", needs_term(type), "Choose a day in term.")
    return ALLOWED


def _too_soon(type: AppointmentType, window: Window) -> Decision:
    return refuse("too_soon", needs_notice(type), f"Choose a time from {told_when(window.earliest)} on.")
