"""From template to block, free time, booking, reminder and calendar file, on the days when the clocks change."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from appointments.models import Booking, DiaryBlock
from appointments.notices.calendar_file import calendar_file
from appointments.operations.book import book_appointment
from appointments.operations.choice import Choice, Details
from appointments.operations.diary import publish_template
from appointments.selectors.free_times import FreeStart, TimeSearch, free_starts
from eligibility.rules.calendar import AcademicCalendar
from foundation.values.times import at, day_bounds, local
from messaging.models import OutboxMessage
from tests.cast import Cast
from tests.clock import stop_database_clock
from tests.factories import AppointmentTypeFactory, DiaryTemplateFactory

LONDON = ZoneInfo("Europe/London")
BACK, FORWARD = date(2026, 10, 25), date(2027, 3, 28)
SLOW = settings(max_examples=40)

days_around = st.sampled_from([day + timedelta(days=n) for day in (BACK, FORWARD) for n in (-1, 0, 1)])
wall_times = st.integers(0, 20 * 12).map(lambda n: time(n // 12, n % 12 * 5))


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.policy("APPT-5")
@SLOW
@given(
    day=days_around,
    starts=wall_times,
    hours=st.integers(1, 3),
    minutes=st.sampled_from([20, 30, 45, 90]),
    ahead=st.sampled_from([timedelta(hours=h) for h in (3, 23, 24, 25, 26, 72)]),
    which=st.integers(0, 20),
)
def test_a_booking_keeps_its_wall_clock(
    cast: Cast, day: date, starts: time, hours: int, minutes: int, ahead: timedelta, which: int
) -> None:
    with undone():
        free = publish_and_look(cast, day, starts, hours, minutes, ahead)
        if not free:
            return
        picked = free[which % len(free)]
        type = cast.adviser.diary_blocks.get(local_date=day).types.get()
        choice = Choice(type, picked.starts_at, cast.adviser, "in_person", cast.room)
        booking = book_appointment(student=cast.student, choice=choice, details=Details(), by=cast.student)
        assert booking.local_date == day == picked.starts_at.astimezone(LONDON).date()
        assert picked.label == f"{picked.starts_at.astimezone(LONDON):%H:%M}"
        assert booking.ends_at - booking.starts_at == timedelta(minutes=minutes)
        reminded_as_promised(booking)
        in_the_calendar(booking)


def publish_and_look(
    cast: Cast, day: date, starts: time, hours: int, minutes: int, ahead: timedelta
) -> list[FreeStart]:
    now = at(day, starts) - ahead
    stop_database_clock(now)
    cast.adviser.diary_blocks.filter(template=None).delete()  # the cast's own day may be this one
    type = AppointmentTypeFactory(minutes=minutes, turnaround_minutes=0)
    ends = time(starts.hour + hours, starts.minute)
    template = DiaryTemplateFactory(adviser=cast.adviser, weekday=day.weekday(), starts=starts, ends=ends)
    template.types.add(type)
    template.locations.add(cast.room)
    published = publish_template(template=template, first=day, last=day, calendar=AcademicCalendar(), by=cast.adviser)
    if not published.added:  # the hour from 01:00 to 02:00 does not exist on 28 March 2027
        assert day == FORWARD
        return []
    block = DiaryBlock.objects.get(adviser=cast.adviser, local_date=day)
    skipped = day == FORWARD and starts.hour == 1
    assert local(block.during.lower).time() == (time(2, starts.minute) if skipped else starts)
    free = free_starts(TimeSearch(type, day, day, now, AcademicCalendar(), student_id=cast.student.pk))
    within_the_block(free, block, minutes)
    return free


def within_the_block(free: list[FreeStart], block: DiaryBlock, minutes: int) -> None:
    """Counts elapsed minutes: a day of 25 hours has an hour's times more, one of 23 an hour's fewer."""
    length = timedelta(minutes=minutes)
    expected, start = [], block.during.lower
    while start + length <= block.during.upper:
        expected.append(start)
        start += length
    assert [one.starts_at for one in free] == expected


def reminded_as_promised(booking: Booking) -> None:
    reminders = OutboxMessage.objects.filter(regarding=booking.public_id, kind="appointments.reminder")
    if booking.starts_at - booking.booked_at > timedelta(hours=24):
        assert reminders.get().not_before == booking.starts_at - timedelta(hours=24)
    else:
        assert not reminders.exists()


def in_the_calendar(booking: Booking) -> None:
    (event,) = Calendar.from_ical(calendar_file(booking)).walk("VEVENT")
    assert event["DTSTART"].dt == booking.starts_at
    assert event["DTEND"].dt == booking.ends_at
    assert event["DTSTART"].dt.utcoffset() == timedelta(0)


@pytest.mark.parametrize(("day", "hours"), [(BACK, 25), (FORWARD, 23), (date(2026, 12, 1), 24)])
def test_a_local_day_has_as_many_hours_as_it_has(day: date, hours: int) -> None:
    first, after = day_bounds(day)
    assert after - first == timedelta(hours=hours)


@given(day=st.dates(date(2020, 1, 1), date(2035, 12, 31)), wall=st.times().map(lambda t: t.replace(microsecond=0)))
def test_the_wall_clock_is_kept(day: date, wall: time) -> None:
    """A time that exists on that day does not change; one that the clocks skip becomes an hour later."""
    back = at(day, wall).astimezone(LONDON)
    exists = datetime.combine(day, wall, LONDON).astimezone(UTC).astimezone(LONDON).time() == wall
    assert (back.date(), back.time()) == (day, wall) if exists else back.time() != wall
