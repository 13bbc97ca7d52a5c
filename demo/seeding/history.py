"""Two years of appointments with their outcomes, most of them in October and November."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from random import Random

from django.db import connection
from psycopg2.extras import DateRange

from accounts.models import User
from appointments.models import AppointmentType, Booking, BookingNote, BookingStatus
from demo.seeding.institution import Institution, public_id
from demo.seeding.named_people import MANAGER
from demo.seeding.slots import Slot, Timetable, long, seed_needs
from demo.seeding.tables import table
from demo.seeding.visitors import Visitor, Visitors
from eligibility.models import AllocationUse, Hold, Strike

PHRASES = table("phrases")

BOOKINGS, DAYS = 6400, 730
CANCELLED, CALLED_OFF, MISSED = 0.11, 0.01, 0.06
TWICE, THRICE, HELD = 29, 8, 2
"""Students who missed two and three appointments, and how many of the latter are on hold.

With the named people: 30, 9 and 3.
"""

BUSY = {1: 0.8, 2: 1.3, 3: 1.2, 4: 0.7, 5: 0.7, 6: 0.5, 7: 0.35, 8: 0.5, 9: 0.9, 10: 1.9, 11: 2.0, 12: 0.7}
SHARES = (("careers-guidance", 0.62), ("applications-advice", 0.32), ("quick-query", 0.06))


class History:
    def __init__(self, institution: Institution, visitors: Visitors, timetable: Timetable) -> None:
        self.institution, self.visitors, self.timetable = institution, visitors, timetable
        self.random: Random = institution.random("history")
        self.bookings: list[Booking] = []
        self.uses: list[AllocationUse] = []
        self.front_desk = list(User.objects.filter(roles__contains=["front_desk"]).order_by("pk"))

    def create(self) -> None:
        days = self._working_days()
        weight = sum(BUSY[day.month] for day in days)
        owed: dict[str, float] = defaultdict(float)
        total = self.institution.some(BOOKINGS)
        for day in days:
            for kind, share in SHARES:
                if kind == "applications-advice" and not self.visitors.calendar.in_term(day):
                    continue  # carried over to the next days of term
                owed[kind] += self._term_share(kind) * share * total * BUSY[day.month] / weight
                owed[kind] -= self._fill(day, kind, int(owed[kind]))
            if day.weekday() == 2 and self.visitors.calendar.in_term(day) and day.isocalendar().week % 3 == 0:
                self._group(day)

    def _term_share(self, kind: str) -> float:
        return 1.3 if kind == "applications-advice" else 1.0

    def _working_days(self) -> list[date]:
        first = self.institution.today - timedelta(days=DAYS)
        days = [first + timedelta(days=n) for n in range(DAYS)]
        return [day for day in days if self.visitors.calendar.is_working_day(day)]

    def _fill(self, day: date, kind: str, wanted: int) -> int:
        taken: set[tuple[int, int]] = set()
        made = 0
        for slot in self.timetable.slots(day, kind) if wanted > 0 else ():
            if made == wanted:
                break
            if slot.key in taken:
                continue
            types = self.timetable.talk_types(slot) if kind == "careers-guidance" else [self.timetable.types[kind]]
            for type in types:
                beside = (slot.key[0], slot.index + 1)
                if long(type) and beside in taken:
                    continue
                if visitor := self.visitors.somebody(type, day):
                    taken |= {slot.key, beside} if long(type) else {slot.key}
                    self._book(visitor, type, slot)
                    made += 1
                    break
        return made

    def _group(self, day: date) -> None:
        type = self.timetable.types["mock-assessment-centre"]
        for slot in self.timetable.slots(day, type.slug)[:1]:
            session = Slot(slot.half, day, 0, slot.starts_at - slot.index * timedelta(minutes=40))
            code = public_id(self.random)
            for seat in range(1, (3 if self.institution.small else self.random.randint(6, 12)) + 1):
                if visitor := self.visitors.somebody(type, day):
                    booking = self._book(visitor, type, session)
                    booking.session, booking.seat = code, seat

    def _book(self, visitor: Visitor, type: AppointmentType, slot: Slot) -> Booking:
        random = self.random
        ahead = timedelta(minutes=20) if type.horizon_days == 0 else timedelta(hours=random.randint(20, 24 * 8))
        booking = self.timetable.booking(random, slot, type, visitor.user, slot.starts_at - ahead)
        if random.random() < 0.12 and self.front_desk:
            booking.booked_by = random.choice(self.front_desk)
        visitor.days.add(slot.day)
        self.bookings.append(booking)
        if not self._call_off(booking):
            attend(random, booking)
            self.uses += self.visitors.uses_of(visitor, booking, type)
        return booking

    def _call_off(self, booking: Booking) -> bool:
        chance, random = self.random.random(), self.random
        if chance >= CANCELLED + CALLED_OFF or booking.type.horizon_days == 0:
            return False
        by_service = chance >= CANCELLED
        booking.status = BookingStatus.CANCELLED_BY_SERVICE if by_service else BookingStatus.CANCELLED
        booking.status_reason = random.choice(PHRASES["called_off_because" if by_service else "cancelled_because"])
        booking.ended_at = booking.booked_at + random.random() * (booking.starts_at - booking.booked_at)
        booking.ended_by = booking.adviser if by_service else booking.student
        booking.sequence = 1
        return True


def attend(random: Random, booking: Booking) -> None:
    booking.status = BookingStatus.ATTENDED
    booking.ended_at, booking.ended_by = booking.ends_at, booking.adviser
    if random.random() < 0.04:
        booking.minutes_late = random.randint(3, 9)
    elif booking.mode == "in_person" and random.random() < 0.6:
        booking.arrived_at = booking.starts_at - timedelta(minutes=random.randint(1, 8))


def miss(booking: Booking) -> None:
    booking.status, booking.minutes_late, booking.arrived_at = BookingStatus.MISSED, None, None


def seed_history(institution: Institution, visitors: Visitors, timetable: Timetable) -> None:
    history = History(institution, visitors, timetable)
    history.create()
    thrice = mark_misses(institution, history.bookings)
    Booking.objects.bulk_create(history.bookings, batch_size=1000)
    seed_needs(history.bookings)
    AllocationUse.objects.bulk_create(history.uses, batch_size=2000)
    seed_strikes(history.bookings)
    seed_notes(institution, history.bookings)
    hold(institution, thrice[: max(1, HELD if not institution.small else 1)])


def mark_misses(institution: Institution, bookings: list[Booking]) -> list[User]:
    """Changes attended appointments of the last year to missed: so many people miss three, so many two, the rest one
    each.
    """
    random = institution.random("misses")
    recent = institution.today - timedelta(days=400)
    kept: dict[User, list[Booking]] = defaultdict(list)
    for booking in bookings:
        if booking.status == BookingStatus.ATTENDED and booking.local_date > recent:
            kept[booking.student].append(booking)
    wanted = round(MISSED * len(bookings))
    people = sorted(kept, key=lambda user: user.pk)
    random.shuffle(people)
    times = Counter({3: institution.some(THRICE), 2: institution.some(TWICE)})
    thrice: list[User] = []
    for user in sorted(people, key=lambda user: len(kept[user]) < 3):
        if wanted <= 0:
            break
        count = next((n for n in (3, 2) if times[n] and len(kept[user]) >= n), 1)
        times[count] -= 1
        wanted -= count
        thrice += [user] if count == 3 else []
        for booking in random.sample(kept[user], count):
            miss(booking)
    return thrice


def seed_strikes(bookings: list[Booking]) -> None:
    missed = [booking for booking in bookings if booking.status == BookingStatus.MISSED]
    Strike.objects.bulk_create([strike_row(booking) for booking in missed])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE eligibility_strike strike SET placed_at = booking.ended_at FROM appointments_booking booking "
            "WHERE booking.public_id = strike.source_id AND booking.ended_at IS NOT NULL"
        )


def strike_row(booking: Booking) -> Strike:
    return Strike(
        student=booking.student,
        source_id=booking.public_id,
        on=booking.local_date,
        about=booking.type.name,
        type=booking.type.slug,
    )


def seed_notes(institution: Institution, bookings: list[Booking]) -> None:
    random = institution.random("notes")
    rows = []
    for booking in bookings:
        if booking.status == BookingStatus.ATTENDED and booking.type.horizon_days and random.random() < 0.8:
            note, code = random.choice(PHRASES["notes"]), public_id(random)
            rows.append(BookingNote(public_id=code, booking=booking, by=booking.adviser, **note))
    BookingNote.objects.bulk_create(rows, batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE appointments_bookingnote note SET at = booking.ended_at FROM appointments_booking booking "
            "WHERE booking.id = note.booking_id AND booking.ended_at IS NOT NULL"
        )


def hold(institution: Institution, students: list[User]) -> None:
    manager = User.objects.get(email=MANAGER.email)
    Hold.objects.bulk_create([hold_row(institution, student, manager) for student in students])


def hold_row(institution: Institution, student: User, manager: User) -> Hold:
    first = institution.today - timedelta(days=5)
    return Hold(
        student=student,
        during=DateRange(first, first + timedelta(days=33)),
        reason="Three appointments missed this year; no answer to two emails.",
        message="You have missed three appointments without telling us.",
        decided_by=manager,
    )
