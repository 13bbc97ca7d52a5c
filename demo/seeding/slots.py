"""The times that advisers offer on a day, and booking rows created as if their students had booked then."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from psycopg2.extras import DateTimeTZRange

from accounts.models import AccessNeeds, User
from appointments.models import AppointmentType, Booking, BookingNeeds, DiaryTemplate
from demo.seeding.institution import Institution, public_id
from demo.seeding.tables import table
from foundation.values.times import at, day_and_month, local_day
from places.models import Location, MeetingMode

PHRASES = table("phrases")

STEPS = {"quick-query": 10, "applications-advice": 25}
TALK_STEP = 40
TALK_WEIGHTS = {
    "careers-guidance": 58,
    "practice-interview": 55,
    "placement-check-in": 8,
    "graduate-guidance": 8,
    "working-in-the-uk": 6,
    "disability-and-neurodiversity": 6,
    "research-consultation": 16,
}


@dataclass(frozen=True)
class Slot:
    """`index` counts from the start of the half day. A long appointment takes this slot and the next."""

    half: DiaryTemplate
    day: date
    index: int
    starts_at: datetime

    @property
    def key(self) -> tuple[int, int]:
        return self.half.pk, self.index


class Timetable:
    """Templates, types and places, loaded once."""

    def __init__(self, institution: Institution) -> None:
        self.random: Random = institution.random(f"timetable:{institution.today}")
        self.types = {type.slug: type for type in AppointmentType.objects.with_rules()}
        self.halves: dict[int, list[DiaryTemplate]] = defaultdict(list)
        templates = DiaryTemplate.objects.select_related("adviser").prefetch_related("types", "locations")
        for template in templates.order_by("pk"):
            self.halves[template.weekday].append(template)

    def slots(self, day: date, kind: str) -> list[Slot]:
        """The day's slots for `kind`, shuffled.

        `kind` is the slug that characterises a half day: drop-in, applications advice or the group; careers guidance
        stands for all talks.
        """
        found = []
        for half in self.halves[day.weekday()]:
            slugs = {type.slug for type in half.types.all()}
            if kind in slugs:
                found += self._slots_of(half, day, STEPS.get(kind, TALK_STEP))
        self.random.shuffle(found)
        return found

    def _slots_of(self, half: DiaryTemplate, day: date, step: int) -> list[Slot]:
        begins, ends, pause = at(day, half.starts), at(day, half.ends), timedelta(minutes=step)
        count = (ends - begins) // pause
        return [Slot(half, day, index, begins + index * pause) for index in range(count)]

    def talk_types(self, slot: Slot) -> list[AppointmentType]:
        """Types that fit the slot, a random one first; long ones only at an index with a slot after it."""
        offered = [type for type in slot.half.types.all() if slot.index in (0, 3) or type.minutes < 45]
        weights = [TALK_WEIGHTS.get(type.slug, 1) for type in offered]
        first = self.random.choices(offered, weights)[0]
        return [self.types[first.slug], self.types["careers-guidance"]]

    def place(self, slot: Slot, type: AppointmentType) -> Location:
        places = [place for place in slot.half.locations.all() if place.mode in type.modes]
        weights = {MeetingMode.IN_PERSON: 60, MeetingMode.ONLINE: 34, MeetingMode.TELEPHONE: 12}
        return self.random.choices(places, [weights[MeetingMode(place.mode)] for place in places])[0]

    def booking(self, random: Random, slot: Slot, type: AppointmentType, student: User, booked_at: datetime) -> Booking:
        adviser, place = slot.half.adviser, self.place(slot, type)
        return booking_row(
            random,
            student=student,
            adviser=adviser,
            type=type,
            place=place,
            starts_at=slot.starts_at,
            booked_at=booked_at,
        )


def booking_row(
    random: Random,
    *,
    student: User,
    adviser: User,
    type: AppointmentType,
    place: Location,
    starts_at: datetime,
    booked_at: datetime,
) -> Booking:
    """A booking as `book_appointment` would have created it, alone in its session."""
    lasts, day = timedelta(minutes=type.minutes), local_day(starts_at)
    booking = Booking(
        public_id=public_id(random),
        student=student,
        adviser=adviser,
        type=type,
        location=place,
        room=place if place.exclusive else None,
        mode=place.mode,
        phone=student.phone if place.mode == MeetingMode.TELEPHONE else "",
        during=DateTimeTZRange(starts_at, starts_at + lasts),
        occupies=DateTimeTZRange(starts_at, starts_at + lasts + timedelta(minutes=type.turnaround_minutes)),
        local_date=day,
        topic=random.choice(type.topics) if type.topics else "",
        help_wanted=random.choice(PHRASES["help_wanted"].get(type.slug, [""])),
        answers=_answers(random, type, day),
        booked_by=student,
        booked_at=booked_at,
    )
    booking.session = booking.public_id
    return booking


def seed_needs(bookings: Iterable[Booking]) -> None:
    """Copies the access needs in students' profiles to their bookings."""
    texts = dict(AccessNeeds.objects.exclude(text="").values_list("person", "text"))
    rows = [BookingNeeds(booking=each, text=texts[each.student_id]) for each in bookings if each.student_id in texts]
    BookingNeeds.objects.bulk_create(rows, batch_size=1000)


def _answers(random: Random, type: AppointmentType, day: date) -> dict[str, str]:
    if type.slug != "practice-interview":
        return {}
    interview = day + timedelta(days=random.randint(2, 12))
    return {"employer": random.choice(PHRASES["employers"]), "interview_date": day_and_month(interview)}


def long(type: AppointmentType) -> bool:
    return type.minutes + type.turnaround_minutes > TALK_STEP
