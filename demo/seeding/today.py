"""Fills the named adviser's day on any weekday: most of it is booked, and past appointments have outcomes."""

from datetime import datetime, time, timedelta

from psycopg2.extras import DateTimeTZRange

from accounts.models import User
from appointments.models import Booking, BookingStatus, DiaryBlock, DiaryTemplate
from demo.seeding.coming import Coming, overlap
from demo.seeding.diaries import AFTERNOON, MORNING
from demo.seeding.institution import Institution
from demo.seeding.named_people import ADVISER
from demo.seeding.slots import TALK_STEP, Slot
from foundation.values.times import at, day_bounds

GUIDANCE = "careers-guidance"
TAKEN: tuple[dict[int, str], ...] = (
    {0: GUIDANCE, 1: "placement-check-in", 3: GUIDANCE, 4: "graduate-guidance"},
    {0: "working-in-the-uk", 2: GUIDANCE, 3: "placement-check-in", 4: GUIDANCE},
)
"""Which of the five times of the morning and the afternoon are taken, and by which type if a student for it can be
found.
"""


def seed_blocks_today(institution: Institution) -> None:
    """Creates a block for each half day without one, on weekends and closed days too."""
    adviser = User.objects.get(email=ADVISER.email)
    usual = DiaryTemplate.objects.filter(adviser=adviser).order_by("pk").first()
    for starts, ends in (MORNING, AFTERNOON):
        during = DateTimeTZRange(at(institution.today, starts), at(institution.today, ends))
        if usual and not DiaryBlock.objects.filter(adviser=adviser, during__overlap=during).exists():
            block = DiaryBlock.objects.create(adviser=adviser, during=during, local_date=institution.today)
            block.types.set(usual.types.all())
            block.locations.set(usual.locations.all())


def book_today(institution: Institution, coming: Coming) -> None:
    half = next(each for each in coming.timetable.halves[0] if each.adviser.email == ADVISER.email)
    made: list[Booking] = []
    for (starts, _), taken in zip((MORNING, AFTERNOON), TAKEN, strict=True):
        for index, wanted in taken.items():
            slot = Slot(half, institution.today, index, _start(institution, starts, index))
            made += _book(coming, slot, wanted)
    over = [booking for booking in made if booking.status == BookingStatus.ATTENDED]
    if over:  # the latest one still has to be marked
        last = over[-1]
        last.status, last.ended_at, last.ended_by = BookingStatus.BOOKED, None, None
        last.minutes_late = last.arrived_at = None


def _start(institution: Institution, starts: time, index: int) -> datetime:
    return at(institution.today, starts) + index * timedelta(minutes=TALK_STEP)


def _book(coming: Coming, slot: Slot, wanted: str) -> list[Booking]:
    for type in (coming.timetable.types[wanted], coming.timetable.types[GUIDANCE]):
        visitor = coming.visitors.somebody(type, slot.day, tries=300)
        if visitor is None:
            continue
        booked_at = day_bounds(slot.day)[0] - timedelta(hours=coming.random.randint(30, 190))
        booking = coming.timetable.booking(coming.random, slot, type, visitor.user, booked_at)
        if any(overlap(booking, other) for other in coming.busy[slot.half.adviser_id, slot.day]):
            return []
        coming.take(visitor, booking, type)
        return [booking]
    return []
