"""Wording for when a type can be booked, moved and cancelled, and for what missing it means.

Pages, messages, refusals and the API all use it. Functions ending in `_words` return lower-case fragments.
"""

from datetime import timedelta

from django.utils.text import capfirst

from appointments.models import AppointmentType, Booking, LateCancelling, Weekday
from foundation.values.counted import counted
from foundation.values.times import told_when


def ahead_words(type: AppointmentType) -> str:
    """For example `up to 14 days ahead`, `on the day`, `released at 17:30 for the next 3 working days`."""
    if type.release_time is None:
        return f"up to {counted(type.horizon_days, 'day')} ahead" if type.horizon_days else "on the day"
    released = f"at {type.release_time:%H:%M}"
    if type.release_weekday is not None:
        ahead = counted(type.horizon_days, "day")
        return f"released on {Weekday(type.release_weekday).label}s {released}, up to {ahead} ahead"
    if type.release_days is not None:
        days, noun = type.release_days, "day"
        released = f"every day {released}"
    else:
        days, noun = type.release_working_days or 0, "working day"
    return f"released {released} for " + (f"the next {counted(days, noun)}" if days else "the same day")


def opening_words(type: AppointmentType) -> str:
    return f"times {'can be booked' if type.release_time is None else 'are'} {ahead_words(type)}"


def release_sentence(type: AppointmentType) -> str:
    """Empty if the type has no release time."""
    return f"{capfirst(opening_words(type))}." if type.release_time else ""


def notice_words(minutes: int) -> str:
    if minutes % 60 or minutes == 0:
        return counted(minutes, "minute")
    return counted(minutes // 60, "hour")


def window_sentences(type: AppointmentType) -> list[str]:
    """For example `Times can be booked up to 14 days ahead, with at least 2 hours of notice.`, `In teaching terms
    only.`"""
    notice = f", with at least {notice_words(type.notice_minutes)} of notice" if type.notice_minutes else ""
    term = ["In teaching terms only."] if type.term_only else []
    return [f"{capfirst(opening_words(type))}{notice}.", *term]


def needs_notice(type: AppointmentType) -> str:
    return f"{type.name} needs {notice_words(type.notice_minutes)} of notice."


def needs_term(type: AppointmentType) -> str:
    return f"{type.name} is offered in teaching terms only."


def inside_notice(booking: Booking) -> str:
    type = booking.type
    until = told_when(booking.starts_at - timedelta(minutes=type.cancel_notice_minutes))
    return f"You could move or cancel this appointment until {until}."


def cancelling_sentence(type: AppointmentType) -> str:
    if not type.cancel_notice_minutes:
        return "You can move or cancel until it starts."
    ahead = f"at least {notice_words(type.cancel_notice_minutes)} before it starts"
    if type.late_cancelling == LateCancelling.REFUSED:
        return f"You can move or cancel {ahead}, not later."
    costs = late_cost(type)
    return f"Move or cancel it {ahead}, or {costs}." if costs else f"Please move or cancel it {ahead}."


def late_cost(type: AppointmentType) -> str:
    """What moving or cancelling inside the notice costs: `it counts as one of your appointments`; empty if nothing."""
    missed = type.late_cancelling == LateCancelling.MISS
    if type.limits:
        return f"it counts as one of your appointments{' and as missed' if missed else ''}"
    return "it counts as missed" if missed else ""


def missing_sentence(type: AppointmentType) -> str:
    late = f", or arrive more than {counted(type.late_limit, 'minute')} late," if type.late_limit else ""
    return f"If you miss it{late} it counts as {'one of your appointments' if type.limits else 'missed'}."


def late_marking_sentence(type: AppointmentType) -> str:
    """For advisers who record attendance."""
    if not type.late_limit:
        return "Arriving late is never missed here. Mark missed when the appointment has ended."
    after = counted(type.late_limit, "minute")
    return f"More than {after} late is recorded as missed. Mark missed from {after} after the start."
