"""The people and the place that most tests use, always with an outsider.

If a test freezes no other time, the cast books on Wednesday 2 December 2026, a working day. Tests that must run on any
date use `cast.day`, the next working day at least two days ahead.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from accounts.models import Role, User
from appointments.models import AppointmentType, Booking
from appointments.operations.choice import Choice
from eligibility.models import AllocationPolicy, Period
from foundation.values.times import at, database_now, local_day
from places.models import Location
from tests.factories import (
    AllocationPolicyFactory,
    AppointmentTypeFactory,
    LocationFactory,
    OnlineFactory,
    StudentFactory,
    UserFactory,
    publish,
    stored_booking,
)


@dataclass
class Cast:
    student: User
    other_student: User
    adviser: User
    other_adviser: User
    front_desk: User
    manager: User
    administrator: User
    outsider: User
    """Signed in, but an editor, who may do nothing here."""
    type: AppointmentType
    policy: AllocationPolicy
    room: Location
    other_room: Location
    online: Location
    day: date

    def starts(self, hour: int = 9, minute: int = 0, day: date | None = None) -> datetime:
        return at(day or self.day, time(hour, minute))

    def choice(self, hour: int = 9, minute: int = 0, *, adviser: User | None = None, day: date | None = None) -> Choice:
        """In the adviser's own room, on the grid of 40 minutes from 09:00 (09:00, 09:40, 10:20, 11:00 …)."""
        adviser = adviser or self.adviser
        room = self.room if adviser == self.adviser else self.other_room
        return Choice(self.type, self.starts(hour, minute, day), adviser, "in_person", room)


def working_day(after_days: int = 2) -> date:
    day = local_day(database_now()) + timedelta(days=after_days)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def assemble() -> Cast:
    """Two students, two advisers with a published day each, a type limited to three a year, and the other people."""
    policy = AllocationPolicyFactory(limit=3, period=Period.ACADEMIC_YEAR)
    type = AppointmentTypeFactory(policies=[policy])
    room, other_room, online = LocationFactory(), LocationFactory(), OnlineFactory()
    adviser = UserFactory(given_name="Helen", family_name="Marsh", roles=[Role.ADVISER])
    other_adviser = UserFactory(given_name="Tariq", family_name="Aziz", roles=[Role.ADVISER])
    day = working_day()
    publish(adviser, type, room, online, day=day)
    publish(other_adviser, type, other_room, online, day=day)
    return Cast(
        student=StudentFactory(given_name="Amara", family_name="Okafor"),
        other_student=StudentFactory(given_name="Jin", family_name="Lee"),
        adviser=adviser,
        other_adviser=other_adviser,
        front_desk=UserFactory(given_name="Fran", roles=[Role.FRONT_DESK]),
        manager=UserFactory(given_name="Mo", roles=[Role.CAREERS_MANAGER]),
        administrator=UserFactory(given_name="Ada", roles=[Role.ADMINISTRATOR]),
        outsider=UserFactory(given_name="Olu", roles=[Role.EDITOR]),
        type=type,
        policy=policy,
        room=room,
        other_room=other_room,
        online=online,
        day=day,
    )


def online_later(cast: Cast) -> Booking:
    """An online appointment of the other student with the other adviser, in a month."""
    starts = cast.starts(12) + timedelta(days=30)
    return stored_booking(cast.other_student, cast.other_adviser, cast.type, cast.online, starts)
