"""The times that staff may offer a student: the student's own, and those outside notice and horizon."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from accounts.models import User
from appointments.rules.windows import booking_window, is_held_on
from appointments.selectors.free_times import FreeStart, FreeTime, TimeSearch, counted_starts, free_times_at
from foundation.values.times import local_day, week_start
from places.models import Confidentiality, Location

DAYS_SHOWN = 14


@dataclass(frozen=True, slots=True)
class OfferedDay:
    date: date
    count: int
    reason: str


@dataclass(frozen=True, slots=True)
class OfferedStart:
    """`early_or_late`: outside what the student may book, so booking it needs a reason."""

    start: FreeStart
    early_or_late: bool


@dataclass(frozen=True, slots=True)
class OfferedTimes:
    first: date
    days: tuple[OfferedDay, ...]
    day: date | None
    starts: tuple[OfferedStart, ...]


def offered_times(search: TimeSearch, wanted: date | None) -> OfferedTimes:
    """One query: two weeks from the search's first day, with the starts of the day wanted (or of the first day with
    any)."""
    search = replace(search, last=search.first + timedelta(days=DAYS_SHOWN - 1), ignore_window=True)
    found = counted_starts(search)
    days = [search.first + timedelta(days=number) for number in range(DAYS_SHOWN)]
    counts = {day: sum(start.day == day for start in found) for day in days}
    day = wanted if wanted in counts else next((day for day in days if counts[day]), None)
    window = booking_window(search.type, search.now, search.calendar)
    starts = [
        OfferedStart(start, start.starts_at < window.earliest or start.day > window.last_day)
        for start in found
        if start.day == day
    ]
    shown = [
        OfferedDay(each, counts[each], _reason(search, each, counts[each]))
        for each in days
        if each.weekday() < 5 or counts[each]
    ]
    return OfferedTimes(search.first, tuple(shown), day, tuple(starts))


def _reason(search: TimeSearch, day: date, count: int) -> str:
    if count:
        return ""
    if day < local_day(search.now):
        return "Past"
    return "None" if is_held_on(search.type, day, search.calendar) else "Closed"


def first_shown(wanted: date | None, now: datetime) -> date:
    """The Monday of the wanted week, or of this week if that has passed."""
    today = local_day(now)
    return week_start(max(wanted or today, today))


def places_at(search: TimeSearch, starts_at: datetime) -> dict[str, FreeTime]:
    """One query. Who is free where at that start, by `adviser:location`, in the order of `free_times_at`."""
    day = local_day(starts_at)
    search = replace(search, first=day, last=day, ignore_window=True)
    found = free_times_at(search, starts_at)
    return {f"{time.adviser}:{time.location}": time for time in found}


def place_words(time: FreeTime, confidential_by_nature: bool) -> str:
    """For example `Helen Marsh, Atrium room 1 (confidential)`."""
    level = time.confidentiality if confidential_by_nature else Confidentiality.NOT_CONFIDENTIAL
    return f"{time.adviser_name}, {time.location_name} ({Confidentiality(level).label.lower()})"


def people_and_places(time: FreeTime) -> tuple[User, Location]:
    """Two queries: the rows that a booking is made from."""
    return User.objects.get(public_id=time.adviser), Location.objects.get(public_id=time.location)
