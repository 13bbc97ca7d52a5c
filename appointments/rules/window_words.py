"""Wording for when a type can be booked, moved and cancelled, and for what missing it means.

Pages, messages, refusals and the API all use it. Functions ending in `_words` return lower-case fragments.
"""

from django.utils.text import capfirst

from appointments.models import AppointmentType, Weekday
from foundation.values.counted import counted


def ahead_words(type: AppointmentType) -> str:
    """For example `up to 14 days ahead`, `on the day`, `released at 17:30 for the next 3 working days`."""
    if type.release_time is None:
        return f"up to {counted(type.horizon_days, 'day')} ahead" if type.horizon_days else "on the day"
    released = f"at {type.release_time:%H:%M}"
    if type.release_weekday is not None:
        ahead = counted(type.horizon_days, "day")
        return f"released on {Weekday(type.release_weekday).label}s {released}, up to {ahead} ahead"
    days = type.release_working_days
    return f"released {released} for " + (f"the next {counted(days, 'working day')}" if days else "the same day")


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


def cancelling_sentence(type: AppointmentType) -> str:
    if not type.cancel_notice_minutes:
        return "You can move or cancel until it starts."
    ahead = notice_words(type.cancel_notice_minutes)
    return f"Move or cancel it at least {ahead} before it starts, or it counts as one of your appointments."


def missing_sentence(type: AppointmentType) -> str:
    after = counted(type.late_after_minutes, "minute")
    late = f", or arrive more than {after} late," if type.late_after_minutes else ""
    return f"If you miss it{late} it counts as one of your appointments."
