"""Free times, computed as published blocks minus what occupies them. One query, for any number of advisers and days."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from appointments.models import AppointmentType
from appointments.models.booking import OCCUPYING
from appointments.rules.windows import Window, booking_window, is_held_on
from appointments.selectors.free_times_sql import ALONE, IN_GROUPS
from appointments.selectors.taking_place import ADVISING
from eligibility.rules.calendar import AcademicCalendar
from foundation.values.times import local_day

NEAR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FreeTime:
    """The fields that a booking is made from, and the names that people read. Ids are public ids."""

    type: str
    starts_at: datetime
    adviser: str
    mode: str
    location: str
    adviser_name: str
    location_name: str
    confidentiality: str


@dataclass(frozen=True, slots=True)
class FreeStart:
    """One start on one local day. `label` is local `HH:MM`; `advisers` is set by `counted_starts` only."""

    day: date
    starts_at: datetime
    label: str
    advisers: int | None = None


@dataclass(frozen=True, slots=True)
class TimeSearch:
    """What to search for. `first` and `last` are local days, inclusive; empty `mode` or `adviser` means any."""

    type: AppointmentType
    first: date
    last: date
    now: datetime
    calendar: AcademicCalendar
    adviser: str = ""
    mode: str = ""
    student_id: int | None = None
    except_booking: int | None = None
    ignore_window: bool = False

    @property
    def window(self) -> Window:
        if self.ignore_window:
            return Window(self.now, self.last)
        return booking_window(self.type, self.now, self.calendar)

    def days(self) -> list[date]:
        window, days, day = self.window, [], self.first
        while day <= min(self.last, window.last_day):
            if day >= window.first_day and is_held_on(self.type, day, self.calendar):
                days.append(day)
            day += timedelta(days=1)
        return days


def group_session(type_id: int, adviser_id: int, starts_at: datetime) -> str:
    return f"{type_id}:{adviser_id}:{int(starts_at.timestamp())}"


def _query(asked: str, search: TimeSearch, **more: Any) -> list[tuple[Any, ...]]:
    type, lasts = search.type, timedelta(minutes=search.type.minutes)
    days = search.days()
    if not days:
        return []
    params = {
        "type": type.pk,
        "lasts": lasts,
        "takes": lasts + timedelta(minutes=type.turnaround_minutes),
        "days": days,
        "earliest": search.window.earliest,
        "now": search.now,
        "adviser": search.adviser,
        "mode": search.mode,
        "modes": type.modes,
        "occupying": [str(status) for status in OCCUPYING],
        "except": search.except_booking or 0,
        "student": search.student_id,
        "capacity": type.capacity,
        "zone": settings.INSTITUTION_TIME_ZONE,
        "at": None,
        **more,
    }
    with connection.cursor() as cursor:
        cursor.execute(getattr(IN_GROUPS if type.is_group else ALONE, asked), params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def free_starts(search: TimeSearch) -> list[FreeStart]:
    """One query. Each start once, for any number of free advisers."""
    return [FreeStart(*row) for row in _query("starts", search)]


def counted_starts(search: TimeSearch) -> list[FreeStart]:
    """One query. Each start once, with the number of advisers who are free."""
    return [FreeStart(*row) for row in _query("counted", search)]


def free_times(search: TimeSearch, *, limit: int, offset: int = 0) -> list[FreeTime]:
    """One query. Every adviser and place of every start, ordered by start."""
    rows = _query("times", search, limit=limit, offset=offset)
    return [FreeTime(search.type.public_id, *row) for row in rows]


def free_times_at(search: TimeSearch, starts_at: datetime) -> list[FreeTime]:
    """One query. Every adviser and place of one start.

    Advisers with the fewest bookings that day come first, and in person comes before online.
    """
    return [FreeTime(search.type.public_id, *row) for row in _query("at", search, at=starts_at)]


def nearest_free_times(search: TimeSearch, starts_at: datetime, adviser: str = "", count: int = 3) -> list[FreeTime]:
    """The closest free starts to offer after a lost race, with the wanted adviser where they are free.

    One query, over the days around it; a second one over the whole search only if those have too few. Each of fifty
    people who lose one race runs its own search.
    """
    day = local_day(starts_at)
    beside = replace(search, first=max(search.first, day - NEAR), last=min(search.last, day + NEAR))
    found = _nearest(beside, starts_at, adviser, count)
    return found if len(found) == count else _nearest(search, starts_at, adviser, count)


def _nearest(search: TimeSearch, starts_at: datetime, adviser: str, count: int) -> list[FreeTime]:
    rows = _query("nearest", search, near=starts_at, liked=adviser, limit=count)
    return [FreeTime(search.type.public_id, *row) for row in sorted(rows)]


def advisers_offering(type: AppointmentType, days: Sequence[date]) -> list[tuple[str, str]]:
    """One query. Public ids and names of advisers with published time for this type on these days."""
    if not days:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT adviser.public_id,
                   coalesce(nullif(adviser.preferred_name, ''), adviser.given_name) || ' ' || adviser.family_name
            FROM accounts_user adviser
            WHERE {ADVISING} AND EXISTS (
              SELECT FROM appointments_diaryblock block
              JOIN appointments_diaryblock_types offered ON offered.diaryblock_id = block.id
              WHERE block.adviser_id = adviser.id AND offered.appointmenttype_id = %s
                AND block.local_date BETWEEN %s AND %s OFFSET 0)
            ORDER BY adviser.family_name, adviser.given_name
            """,  # noqa: S608 - SQL of our own, no input
            [type.pk, min(days), max(days)],
        )
        rows: list[tuple[str, str]] = cursor.fetchall()
    return rows
