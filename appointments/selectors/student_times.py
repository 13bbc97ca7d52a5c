"""The page where a student chooses a time: seven days with counts, then one day's times."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from appointments.models import AppointmentType, Booking
from appointments.rules.booking import may_book_at, may_book_on
from appointments.rules.confidentiality import LocationPrivacy, privacy_of
from appointments.rules.windows import Window, may_be_on, may_start_at
from appointments.selectors.free_times import (
    FreeStart,
    FreeTime,
    TimeSearch,
    free_starts,
    free_times_at,
    nearest_free_times,
)
from eligibility.selectors.student_facts import Context
from foundation.values.times import day_and_month, local, local_day, spoken_day, told_when
from places.models import Location, MeetingMode

WEEK = timedelta(days=7)
NEAREST = 3
PARTS_OF_DAY = (("Morning", 12), ("Afternoon", 17), ("Evening", 24))
MODE_WORDS = {"in_person": "In person", "online": "Video call", "telephone": "Telephone"}


@dataclass(frozen=True, slots=True)
class TimeFilter:
    """The filters of the page; empty means any. `booking` is the one being moved, which starts at `yours`."""

    day: date | None = None
    mode: str = ""
    adviser: str = ""
    booking: int | None = None
    except_source: str = ""
    yours: datetime | None = None


@dataclass(frozen=True, slots=True)
class DayOption:
    """`reason` is the short word on the day's tile, `why` the sentence below it."""

    date: date
    count: int
    href: str
    reason: str = ""
    why: str = ""
    selected: bool = False
    today: bool = False


@dataclass(frozen=True, slots=True)
class TimeGroup:
    label: str
    times: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class TimePage:
    days: list[DayOption]
    groups: list[TimeGroup]
    selected: date | None
    previous_url: str
    next_url: str
    now_url: str
    empty: str
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def heading(self) -> str:
        if self.selected:
            return f"{self.selected:%A} {day_and_month(self.selected)}"
        first, last = self.days[0].date, self.days[-1].date
        return f"{day_and_month(first)} to {day_and_month(last)}"

    @property
    def count(self) -> int:
        return sum(len(group.times) for group in self.groups)


def time_page(type: AppointmentType, context: Context, wish: TimeFilter, first: date, onward: str) -> TimePage:
    """One query, or two if the seven days from `first` (the first bookable day) have nothing free.

    `onward` is where each time links to, relative to the page.
    """
    search = _search(type, context, wish)
    window = search.window
    start = _run_of(wish.day or first, first)
    starts = free_starts(replace(search, first=start, last=start + timedelta(days=6)))
    if wish.day is None and not _first_open(starts, type, context, wish) and window.last_day >= start + WEEK:
        later = free_starts(replace(search, first=start + WEEK, last=window.last_day))
        if found := _first_open(later, type, context, wish):
            start, starts = _run_of(found, first), later
    counts = Counter(each.day for each in starts)
    selected = wish.day or _first_open(starts, type, context, wish)
    run = [start + timedelta(days=n) for n in range(7)]
    days = [
        _day(day, counts, selected, type, context, wish, window)
        for day in run
        if day.weekday() < 5 or counts[day] or day == selected
    ]
    shown = next((day for day in days if day.selected), None)
    bookable = shown is not None and not shown.reason
    return TimePage(
        days=days,
        groups=_groups([each for each in starts if each.day == selected], onward, wish) if bookable else [],
        selected=selected,
        previous_url=_href(wish, max(start - WEEK, first)) if start > first else "",
        next_url=_href(wish, start + WEEK) if start + WEEK <= window.last_day else "",
        now_url=_href(wish, None) if wish.day else "",
        empty=_empty_words(shown, wish),
        reasons={day.reason: day.why for day in reversed(days) if day.why},
    )


def _run_of(day: date, first: date) -> date:
    """The first of the seven days that are shown with `day`. Runs begin on the first bookable day."""
    return day - timedelta(days=(day - first).days % 7)


def _search(type: AppointmentType, context: Context, wish: TimeFilter) -> TimeSearch:
    facts = context.facts
    return TimeSearch(
        type,
        facts.today,
        facts.today,
        facts.now,
        context.calendar,
        adviser=wish.adviser,
        mode=wish.mode,
        student_id=facts.student_id,
        except_booking=wish.booking,
    )


def _first_open(starts: list[FreeStart], type: AppointmentType, context: Context, wish: TimeFilter) -> date | None:
    for day in dict.fromkeys(start.day for start in starts):
        if may_book_on(type, context, day, wish.except_source):
            return day
    return None


def _day(
    day: date,
    counts: Counter[date],
    selected: date | None,
    type: AppointmentType,
    context: Context,
    wish: TimeFilter,
    window: Window,
) -> DayOption:
    reason, why = _closed_because(day, type, context, wish, window)
    return DayOption(
        date=day,
        count=0 if reason else counts[day],
        href=_href(wish, day),
        reason=reason,
        why=why,
        selected=day == selected,
        today=day == context.facts.today,
    )


SHORT = {
    "too_soon": "Too soon",
    "closed": "Closed",
    "out_of_term": "No term",
    "allocation_used": "Used up",
    "on_hold": "On hold",
}
"""The word on a day's tile, by the code of the refusal."""


def _closed_because(
    day: date, type: AppointmentType, context: Context, wish: TimeFilter, window: Window
) -> tuple[str, str]:
    """The short word and the sentence; both empty if the day can be booked."""
    if day < context.facts.today:
        return "Past", ""
    open_day = may_be_on(type, day, window, context.calendar)
    if not open_day:
        return SHORT.get(open_day.code, "Not open"), open_day.message
    decision = may_book_on(type, context, day, wish.except_source)
    if decision:
        return "", ""
    return SHORT.get(decision.code, "Not open"), f"{decision.message} {decision.remedy}".strip()


def _empty_words(day: DayOption | None, wish: TimeFilter) -> str:
    if day is None:
        return "Nothing is free in the days that can be booked now. New times appear as advisers publish them."
    if day.reason:
        return day.why or "This day is past. Choose a later day."
    if wish.mode or wish.adviser:
        return "No times on this day match your choice. Choose another day, any adviser or any way to meet."
    return "No times are left on this day. Choose another day."


def _href(wish: TimeFilter, day: date | None) -> str:
    asked = {"day": day.isoformat() if day else "", "mode": wish.mode, "adviser": wish.adviser}
    return "?" + urlencode({key: value for key, value in asked.items() if value})


def _groups(starts: list[FreeStart], onward: str, wish: TimeFilter) -> list[TimeGroup]:
    groups = []
    since = 0
    for label, until in PARTS_OF_DAY:
        times = [_time(start, onward, wish) for start in starts if since <= local(start.starts_at).hour < until]
        if times:
            groups.append(TimeGroup(label, times))
        since = until
    return groups


def _time(start: FreeStart, onward: str, wish: TimeFilter) -> dict[str, Any]:
    asked = {"start": moment_text(start.starts_at), "mode": wish.mode, "adviser": wish.adviser}
    return {
        "label": start.label,
        "at": start.starts_at,
        "href": onward + "?" + urlencode({key: value for key, value in asked.items() if value}),
        "aria": f"{start.label} on {spoken_day(start.day)}",
        "yours": start.starts_at == wish.yours,
    }


def moment_text(moment: datetime) -> str:
    """A moment in a URL: UTC, to the second."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True, slots=True)
class MeetingPlace:
    """Where the chosen time would be and how confidential that is, shown before booking (APPT-1, APPT-2)."""

    name: str
    directions: str
    privacy: LocationPrivacy
    when: str
    adviser: str

    @property
    def lead(self) -> str:
        return f"{self.when} with {self.adviser}"


def place_of(type: AppointmentType, time: FreeTime) -> MeetingPlace:
    """One query."""
    location = Location.objects.get(public_id=time.location)
    name = ", ".join(part for part in (location.name, location.building) if part)
    ends = time.starts_at + timedelta(minutes=type.minutes)
    return MeetingPlace(
        name, location.directions, privacy_of(type, location), told_when(time.starts_at, ends), time.adviser_name
    )


@dataclass(frozen=True, slots=True)
class ResolvedTime:
    """A free time, and the other ways to meet that are free at the same start."""

    time: FreeTime
    others: list[FreeTime]

    @property
    def query(self) -> str:
        return time_query(self.time)

    @property
    def asked(self) -> dict[str, Any]:
        time = self.time
        return {"start": time.starts_at, "adviser": time.adviser, "mode": time.mode, "location": time.location}

    @property
    def others_queries(self) -> list[tuple[str, str]]:
        """Mode and query string of each other way to meet."""
        return [(time.mode, time_query(time)) for time in self.others]


def time_query(time: FreeTime) -> str:
    return urlencode(
        {
            "start": moment_text(time.starts_at),
            "adviser": time.adviser,
            "mode": time.mode,
            "location": time.location,
        }
    )


def resolve_time(
    type: AppointmentType, context: Context, starts_at: datetime, wish: TimeFilter, location: str = ""
) -> ResolvedTime | None:
    """One query. Resolves “any adviser” to the one with the fewest bookings that day; None if nothing is free."""
    if not may_start_at(type, starts_at, context.facts.now, context.calendar):
        return None
    day = local_day(starts_at)
    search = replace(_search(type, context, wish), first=day, last=day, mode="")
    found = free_times_at(search, starts_at)
    fitting = [t for t in found if (not wish.mode or t.mode == wish.mode) and (not location or t.location == location)]
    if not fitting:
        return None
    first = fitting[0]
    others = {time.mode: time for time in reversed(found) if time.mode != first.mode}
    return ResolvedTime(first, [others[mode] for mode in MeetingMode.values if mode in others])


def time_words(time: FreeTime) -> str:
    """For example `Tuesday 24 November 2026, 10:15 UK time`."""
    return told_when(time.starts_at)


def nearest_times(
    type: AppointmentType,
    context: Context,
    starts_at: datetime,
    adviser: str = "",
    moving: Booking | None = None,
    *,
    by_staff: bool = False,
) -> list[FreeTime]:
    """One query. The times closest to one that is not available, within a week, that this student may book (staff may
    book any). `moving` neither blocks a time nor counts."""
    day = local_day(starts_at)
    search = _search(type, context, TimeFilter(booking=moving.pk if moving else None))
    search = replace(search, first=day - WEEK, last=day + WEEK)
    near = nearest_free_times(search, starts_at, adviser, count=NEAREST if by_staff else 3 * NEAREST)
    source = moving.public_id if moving else ""
    allowed = [time for time in near if by_staff or may_book_at(type, context, time.starts_at, source)]
    closest = sorted(allowed, key=lambda time: abs(time.starts_at - starts_at))[:NEAREST]
    return sorted(closest, key=lambda time: time.starts_at)
