"""Compares the SQL of free times with a simple computation, on random data."""

import random
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from psycopg2.extras import DateTimeTZRange

from accounts.models import Role, User
from appointments.models import AppointmentType, Booking, DiaryBlock, TimeOut
from appointments.models.booking import OCCUPYING
from appointments.selectors.free_times import (
    FreeTime,
    TimeSearch,
    counted_starts,
    free_starts,
    free_times,
    free_times_at,
    group_session,
    nearest_free_times,
)
from eligibility.rules.calendar import AcademicCalendar
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.times import at, day_bounds
from places.models import Location
from tests.cast import working_day
from tests.factories import (
    AppointmentTypeFactory,
    LocationFactory,
    OnlineFactory,
    StudentFactory,
    UserFactory,
    publish,
    stored_booking,
)

pytestmark = pytest.mark.django_db
DAYS = 3
Found = tuple[datetime, str, str]


class World:
    """Three advisers who share two rooms and a video call. One is away for a while, another has left."""

    def __init__(self, seed: int, capacity: int) -> None:
        self.chance = random.Random(seed)
        self.type = AppointmentTypeFactory(minutes=30, turnaround_minutes=10, capacity=capacity)
        self.other_type = AppointmentTypeFactory(minutes=45, turnaround_minutes=5)
        self.rooms = [LocationFactory(), LocationFactory()]
        self.online = OnlineFactory()
        self.advisers = [UserFactory(roles=[Role.ADVISER]) for _ in range(3)]
        self.gone = UserFactory(roles=[Role.ADVISER], is_active=False)
        self.student = StudentFactory()
        first = working_day(3)
        self.days = [first + timedelta(days=number) for number in range(DAYS)]
        for day in self.days:
            for adviser in [*self.advisers, self.gone]:
                self.publish(adviser, day)
        for _ in range(22):
            self.book()
        start = at(self.days[0], time(10))
        away = DateTimeTZRange(start, start + timedelta(minutes=50))
        TimeOut.objects.create(adviser=self.advisers[0], during=away, reason="other")

    def publish(self, adviser: User, day: datetime) -> None:
        places = self.chance.sample([*self.rooms, self.online], self.chance.randint(1, 3))
        block = publish(
            adviser, self.type, *places, day=day, starts=time(9, self.chance.choice([0, 20])), ends=time(12)
        )
        if self.chance.random() < 0.3:
            block.types.add(self.other_type)
        publish(adviser, self.other_type, *places, day=day, starts=time(13), ends=time(15))

    def book(self) -> None:
        """Makes a random booking, unless the constraints refuse it."""
        type = self.chance.choice([self.type, self.other_type])
        starts = at(self.chance.choice(self.days), time(9)) + timedelta(minutes=10 * self.chance.randrange(20))
        student = self.student if self.chance.random() < 0.1 else StudentFactory(course=False)
        place = self.chance.choice([*self.rooms, self.online])
        adviser = self.chance.choice(self.advisers)
        session = group_session(type.pk, adviser.pk, starts) if type.is_group else None
        try:
            booking = in_one_transaction(stored_booking)(student, adviser, type, place, starts)
            if session:
                Booking.objects.filter(pk=booking.pk).update(session=session)
        except Refused:
            pass

    def search(self, mode: str = "") -> TimeSearch:
        now = timezone.now()
        return TimeSearch(
            self.type,
            self.days[0],
            self.days[-1],
            now,
            AcademicCalendar(),
            mode=mode,
            student_id=self.student.pk,
            ignore_window=True,
        )


def plainly(world: World, mode: str = "") -> list[Found]:
    """The simple computation: each start of each block of each adviser in turn."""
    type, found = world.type, []
    since, until = day_bounds(world.days[0], world.days[-1])
    bookings = list(Booking.objects.filter(status__in=OCCUPYING, during__overlap=DateTimeTZRange(since, until)))
    for block in DiaryBlock.objects.filter(types=type, adviser__is_active=True).select_related("adviser"):
        starts = block.during.lower
        while starts + timedelta(minutes=type.minutes) <= block.during.upper:
            for place in block.locations.all():
                if (not mode or place.mode == mode) and is_free(world, block, starts, place, bookings):
                    found.append((starts, block.adviser.public_id, place.public_id))
            starts += timedelta(minutes=type.minutes + type.turnaround_minutes)
    return sorted(found)


def is_free(world: World, block: DiaryBlock, starts: datetime, place: Location, bookings: list[Booking]) -> bool:
    type: AppointmentType = world.type
    ends = starts + timedelta(minutes=type.minutes)
    until = ends + timedelta(minutes=type.turnaround_minutes)
    session = group_session(type.pk, block.adviser_id, starts)
    members = 0
    for booking in bookings:
        busy = booking.occupies.lower < until and booking.occupies.upper > starts
        together = type.is_group and booking.session == session
        members += together
        if booking.student_id == world.student.pk and booking.starts_at < ends and booking.ends_at > starts:
            return False
        if booking.adviser_id == block.adviser_id and busy and not together:
            return False
        if place.exclusive and booking.room_id == place.pk and busy and booking.adviser_id != block.adviser_id:
            return False
    if TimeOut.objects.filter(adviser=block.adviser, during__overlap=DateTimeTZRange(starts, ends)).exists():
        return False
    return not type.is_group or members < type.capacity


def as_found(times: list[FreeTime]) -> list[Found]:
    return sorted((time.starts_at, time.adviser, time.location) for time in times)


@pytest.mark.parametrize("mode", ["", "in_person", "online"])
@pytest.mark.parametrize("capacity", [1, 2])
@pytest.mark.parametrize("seed", range(6))
def test_every_question_finds_what_a_plain_computation_finds(seed: int, capacity: int, mode: str) -> None:
    world = World(seed, capacity)
    search, plain = world.search(mode), plainly(world, mode)
    starts = sorted({start for start, _, _ in plain})
    advisers = {start: len({who for when, who, _ in plain if when == start}) for start in starts}

    assert as_found(free_times(search, limit=1000)) == plain
    assert [start.starts_at for start in free_starts(search)] == starts
    assert {start.starts_at: start.advisers for start in counted_starts(search)} == advisers
    for start in starts[:3]:
        assert as_found(free_times_at(search, start)) == [each for each in plain if each[0] == start]
    wanted = at(world.days[1], time(10))
    nearest = nearest_free_times(search, wanted, count=3)
    assert {time.starts_at for time in nearest} <= set(starts)
    distances = sorted(abs(start - wanted) for start in starts)[:3]
    assert sorted(abs(time.starts_at - wanted) for time in nearest) == distances


def test_pages_of_times_follow_one_another() -> None:
    world = World(7, 1)
    search = world.search()
    whole = free_times(search, limit=1000)
    assert len(whole) > 10
    pages = [free_times(search, limit=4, offset=first) for first in range(0, len(whole) + 4, 4)]
    assert [time for page in pages for time in page] == whole
