"""Free times, computed: published blocks minus what occupies them. One query for any number of advisers and days.

Bookings are joined by adviser and day, by room and day: joining by overlapping ranges alone was six times slower
(measured over 100 advisers and 200,000 bookings).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from appointments.models import AppointmentType
from appointments.models.booking import OCCUPYING
from appointments.rules.windows import Window, booking_window, is_held_on
from careerconnect.foundation.times import local_day
from eligibility.calendar import AcademicCalendar

NEAR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FreeTime:
    """Exactly what a booking is made from, with the names that people read. Ids are public ids."""

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
    """One start on one local day, with how many advisers could be met then. `label` is local `HH:MM`."""

    day: date
    starts_at: datetime
    label: str
    advisers: int


@dataclass(frozen=True, slots=True)
class Search:
    """What free times are asked for. `first` and `last` are local days, inclusive; empty `mode`/`adviser`: any."""

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


FREE = """
WITH slot AS MATERIALIZED (
  SELECT block.id AS block_id, block.adviser_id, block.local_date AS day, starts, starts + %(lasts)s AS ends,
         starts + %(takes)s AS until
  FROM appointments_diaryblock block
  JOIN appointments_diaryblock_types offered
    ON offered.diaryblock_id = block.id AND offered.appointmenttype_id = %(type)s
  JOIN accounts_user adviser ON adviser.id = block.adviser_id AND adviser.is_active
  CROSS JOIN LATERAL generate_series(
    lower(block.during), upper(block.during) - %(lasts)s, %(takes)s) AS starts
  WHERE block.local_date = ANY(%(days)s) AND starts >= %(earliest)s
    AND (block.release_at IS NULL OR block.release_at <= %(now)s)
    AND (%(adviser)s = '' OR adviser.public_id = %(adviser)s)
), ahead AS MATERIALIZED (
  SELECT adviser_id, room_id, local_date, lower(occupies) AS since, upper(occupies) AS until, session
  FROM appointments_booking
  WHERE local_date = ANY(%(days)s) AND status = ANY(%(occupying)s) AND id <> %(except)s
), mine AS MATERIALIZED (
  SELECT lower(during) AS starts, upper(during) AS ends FROM appointments_booking
  WHERE student_id = %(student)s AND status = ANY(%(occupying)s) AND id <> %(except)s
), open AS MATERIALIZED (
  SELECT slot.* FROM slot
  WHERE NOT EXISTS (
      SELECT FROM ahead WHERE ahead.adviser_id = slot.adviser_id AND ahead.local_date = slot.day
        AND ahead.since < slot.until AND ahead.until > slot.starts AND (NOT %(group)s OR ahead.session <> {session}))
    AND NOT EXISTS (
      SELECT FROM appointments_timeout away
      WHERE away.adviser_id = slot.adviser_id AND away.during && tstzrange(slot.starts, slot.ends))
    AND NOT EXISTS (SELECT FROM mine WHERE mine.starts < slot.ends AND mine.ends > slot.starts)
    AND (NOT %(group)s OR (SELECT count(*) FROM ahead WHERE ahead.session = {session}) < %(capacity)s)
), free AS (
  SELECT open.*, location.id AS location_id
  FROM open
  JOIN appointments_diaryblock_locations held ON held.diaryblock_id = open.block_id
  JOIN appointments_location location ON location.id = held.location_id
  WHERE location.is_open AND location.mode = ANY(%(modes)s) AND (%(mode)s = '' OR location.mode = %(mode)s)
    AND NOT EXISTS (
      SELECT FROM ahead WHERE ahead.room_id = location.id AND ahead.local_date = open.day
        AND location.exclusive AND ahead.since < open.until AND ahead.until > open.starts
        AND ahead.adviser_id <> open.adviser_id)
)
"""

SESSION = "%(type)s || ':' || slot.adviser_id || ':' || extract(epoch FROM slot.starts)::bigint"
"""The same text as `group_session`."""

STARTS = """
SELECT day, starts, to_char(starts AT TIME ZONE %(zone)s, 'HH24:MI'), count(DISTINCT adviser_id)
FROM free GROUP BY day, starts ORDER BY starts
"""

SHOWN = """free.starts, adviser.public_id, location.mode, location.public_id,
       coalesce(nullif(adviser.preferred_name, ''), adviser.given_name) || ' ' || adviser.family_name,
       location.name, location.confidentiality
FROM free
JOIN accounts_user adviser ON adviser.id = free.adviser_id
JOIN appointments_location location ON location.id = free.location_id"""

TIMES = f"""
SELECT {SHOWN}
WHERE (%(at)s::timestamptz IS NULL OR free.starts = %(at)s)
ORDER BY {{order}} LIMIT %(limit)s OFFSET %(offset)s
"""

NEAREST = f"""
, nearest AS MATERIALIZED (
  SELECT starts FROM (SELECT DISTINCT starts FROM free) once
  ORDER BY abs(extract(epoch FROM starts - %(near)s)) LIMIT %(limit)s
)
SELECT DISTINCT ON (free.starts) {SHOWN}
WHERE free.starts IN (SELECT starts FROM nearest)
ORDER BY free.starts, adviser.public_id <> %(liked)s, free.adviser_id, location.id
"""  # noqa: S608 - put together from what stands above
"""Each start once."""

BY_TIME = "free.starts, free.adviser_id, location.id"
FAIREST = (
    "(SELECT count(*) FROM ahead WHERE ahead.adviser_id = free.adviser_id AND ahead.local_date = free.day), "
    "free.adviser_id, (location.mode <> 'in_person'), location.id"
)


def group_session(type_id: int, adviser_id: int, starts_at: datetime) -> str:
    return f"{type_id}:{adviser_id}:{int(starts_at.timestamp())}"


def _query(select: str, search: Search, **more: Any) -> list[tuple[Any, ...]]:
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
        "group": type.is_group,
        "capacity": type.capacity,
        "zone": settings.INSTITUTION_TIME_ZONE,
        **more,
    }
    with connection.cursor() as cursor:
        cursor.execute(FREE.format(session=SESSION) + select, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def free_starts(search: Search) -> list[FreeStart]:
    """One query. Each start once, however many advisers are free then."""
    return [FreeStart(*row) for row in _query(STARTS, search)]


def free_times(
    search: Search, *, limit: int = 200, offset: int = 0, at: datetime | None = None, order: str = BY_TIME, **more: Any
) -> list[FreeTime]:
    """One query. Every adviser and place of every start; with `at`, of that start only."""
    rows = _query(TIMES.format(order=order), search, limit=limit, offset=offset, at=at, **more)
    return [FreeTime(search.type.public_id, *row) for row in rows]


def fairest_free_time(search: Search, starts_at: datetime) -> FreeTime | None:
    """One query. For “any adviser”: whoever has fewest bookings that day; in person before online."""
    found = free_times(search, limit=1, at=starts_at, order=FAIREST)
    return found[0] if found else None


def nearest_free_times(search: Search, starts_at: datetime, adviser: str = "", count: int = 3) -> list[FreeTime]:
    """What to offer whoever lost a race: the closest starts, each with the adviser they wanted where that one is free.

    One query, of the days next to it; another of all of the search only where those have too few. When fifty people
    lose one race, each of them costs a search.
    """
    day = local_day(starts_at)
    beside = replace(search, first=max(search.first, day - NEAR), last=min(search.last, day + NEAR))
    found = _nearest(beside, starts_at, adviser, count)
    return found if len(found) == count else _nearest(search, starts_at, adviser, count)


def _nearest(search: Search, starts_at: datetime, adviser: str, count: int) -> list[FreeTime]:
    rows = _query(NEAREST, search, near=starts_at, liked=adviser, limit=count)
    return [FreeTime(search.type.public_id, *row) for row in sorted(rows)]


def advisers_offering(type: AppointmentType, days: Sequence[date]) -> list[tuple[str, str]]:
    """One query. Public id and name of whoever has published time for this type on these days."""
    if not days:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT adviser.public_id,
                   coalesce(nullif(adviser.preferred_name, ''), adviser.given_name) || ' ' || adviser.family_name
            FROM accounts_user adviser
            WHERE adviser.is_active AND EXISTS (
              SELECT FROM appointments_diaryblock block
              JOIN appointments_diaryblock_types offered ON offered.diaryblock_id = block.id
              WHERE block.adviser_id = adviser.id AND offered.appointmenttype_id = %s
                AND block.local_date BETWEEN %s AND %s)
            ORDER BY adviser.family_name, adviser.given_name
            """,
            [type.pk, min(days), max(days)],
        )
        rows: list[tuple[str, str]] = cursor.fetchall()
    return rows
