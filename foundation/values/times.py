"""Days and times of day. The database stores UTC; people see the institution's time zone; ranges are half-open.

Always compute a moment from date, time of day and zone: adding hours to midnight is wrong on clock-change days.
"""

import math
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import connection

from foundation.values.counted import counted


@cache
def institution_zone() -> ZoneInfo:
    return ZoneInfo(settings.INSTITUTION_TIME_ZONE)


def at(day: date, wall_time: time, zone: ZoneInfo | None = None) -> datetime:
    """The moment, in UTC, when clocks show `wall_time` on `day`.

    A time that the clocks skip is read with the offset before the change (01:30 on 28 March 2027 is 02:30 BST); of a
    time that occurs twice, the first is meant (PEP 495, fold=0).
    """
    return datetime.combine(day, wall_time, zone or institution_zone()).astimezone(UTC)


def local(moment: datetime) -> datetime:
    return moment.astimezone(institution_zone())


def local_day(moment: datetime) -> date:
    return local(moment).date()


def day_bounds(first: date, last: date | None = None) -> tuple[datetime, datetime]:
    """Half-open UTC bounds of the local days `first` to `last` inclusive: 23, 24 or 25 hours for one day."""
    return at(first, time.min), at((last or first) + timedelta(days=1), time.min)


def week_start(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def years_after(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes 28 February."""
    return day + relativedelta(years=years)


def months_after(day: date, months: int) -> date:
    """The same day `months` later, or the last day of that month if it is shorter."""
    return day + relativedelta(months=months)


def database_now() -> datetime:
    """The database's clock, which all web servers share. Unlike `now()`, it advances within a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    moment: datetime = row[0]
    return moment


# Dates and times as text, in the same formats as `careerconnect/formats`, which templates use.


def day_and_month(day: date) -> str:
    """`3 October`"""
    return f"{day.day} {day:%B}"


def plain_day(day: date) -> str:
    """`3 October 2026`"""
    return f"{day.day} {day:%B %Y}"


def plain_moment(moment: datetime) -> str:
    """`3 October 2026, 09:05`"""
    return f"{plain_day(local_day(moment))}, {spoken_time(moment)}"


def exact_moment(moment: datetime) -> str:
    """`3 October 2026, 09:05:07`"""
    return f"{plain_moment(moment)}:{moment:%S}"


def spoken_day(day: date) -> str:
    """`Tuesday 24 November 2026`"""
    return f"{day:%A} {plain_day(day)}"


def spoken_time(moment: datetime) -> str:
    return f"{local(moment):%H:%M}"


def spoken_when(starts: datetime, ends: datetime | None = None) -> str:
    """`Tuesday 24 November 2026, 10:15 to 10:45`"""
    words = f"{spoken_day(local_day(starts))}, {spoken_time(starts)}"
    return f"{words} to {spoken_time(ends)}" if ends else words


def told_when(starts: datetime, ends: datetime | None = None) -> str:
    """`Tuesday 24 November 2026, 10:15 to 10:45 UK time`: for emails, refusals and confirmations, which people also
    read elsewhere."""
    return f"{spoken_when(starts, ends)} {zone_name()}"


def zone_name() -> str:
    """What people call the institution's time: `UK time`."""
    name: str = settings.INSTITUTION_TIME_ZONE_NAME
    return name


def spoken_span(span: timedelta) -> str:
    """`1 hour`, `90 minutes`, `24 hours`: in hours if it is a whole number of hours."""
    minutes = int(span.total_seconds() // 60)
    number, noun = (minutes // 60, "hour") if minutes and minutes % 60 == 0 else (minutes, "minute")
    return counted(number, noun)


def spoken_wait(span: timedelta) -> str:
    """`1 minute`, `40 minutes`, `3 hours`: rounded up, so that a retry after this time is not too early."""
    minutes = max(1, math.ceil(span.total_seconds() / 60))
    number, noun = (minutes, "minute") if minutes < 60 else (math.ceil(minutes / 60), "hour")
    return counted(number, noun)
