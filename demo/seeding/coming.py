"""Books about a third of the next two weeks, more on near days and in the middle of the week."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import connection

from accounts.rules.policy import policy_in_force
from appointments.models import AppointmentType, Booking, BookingStatus, TimeOut
from appointments.notices.booking import reminders
from appointments.operations.tell_who_must_move import tell_who_must_move
from appointments.rules.windows import booking_window, is_held_on
from appointments.selectors.free_times import group_session
from demo.seeding.history import attend
from demo.seeding.institution import Institution
from demo.seeding.named_people import ADVISER
from demo.seeding.slots import Slot, Timetable, seed_needs
from demo.seeding.visitors import Visitor, Visitors
from eligibility.models import AllocationUse
from foundation.values.times import at, day_bounds
from messaging.operations.queue_message import queue_messages

POPULAR = {0: 0.38, 1: 0.52, 2: 0.48, 3: 0.42, 4: 0.26, 5: 0.0, 6: 0.0}
KINDS = ("careers-guidance", "applications-advice", "quick-query")
DAYS, GROUP_DAYS = 14, 28


class Coming:
    def __init__(self, institution: Institution, visitors: Visitors, timetable: Timetable) -> None:
        self.institution, self.visitors, self.timetable = institution, visitors, timetable
        self.now = institution.now
        self.random: Random = institution.random(f"coming:{institution.today}")
        self.bookings: list[Booking] = []
        self.uses: list[AllocationUse] = []
        self.busy: dict[tuple[int, date], list[Booking]] = defaultdict(list)
        for booking in Booking.objects.filter(local_date__gte=institution.today):
            self.busy[booking.adviser_id, booking.local_date].append(booking)
        self.away = list(TimeOut.objects.filter(during__endswith__gt=institution.now))

    def days(self, count: int) -> Iterator[date]:
        for ahead in range(count + 1):
            day = self.institution.today + timedelta(days=ahead)
            if self.visitors.calendar.is_working_day(day):
                yield day

    def book(self) -> None:
        for day in self.days(DAYS):
            ahead = (day - self.institution.today).days
            chance = POPULAR[day.weekday()] * (1.25 - 0.06 * ahead)
            for kind in KINDS:
                self._fill(day, kind, chance)
        for day in self.days(GROUP_DAYS):
            self._group(day)

    def _fill(self, day: date, kind: str, chance: float) -> None:
        """Books until this share of the day's times is taken, including those already taken."""
        slots = self.timetable.slots(day, kind)
        free = [slot for slot in slots if not self._is_taken(slot)]
        wanted = round(chance * len(slots)) - (len(slots) - len(free))
        for slot in free:
            named_today = day == self.institution.today and slot.half.adviser.email == ADVISER.email
            if wanted > 0 and not named_today:
                types = self.timetable.talk_types(slot) if kind == "careers-guidance" else [self.timetable.types[kind]]
                wanted -= any(self.put(slot, type) for type in types)

    def _is_taken(self, slot: Slot) -> bool:
        there = self.busy[slot.half.adviser_id, slot.day]
        return any(booking.occupies.lower <= slot.starts_at < booking.occupies.upper for booking in there)

    def put(self, slot: Slot, type: AppointmentType, session: str = "", seat: int = 1) -> bool:
        booked_at = self._booked_at(type, slot.starts_at, slot.day)
        visitor = self.visitors.somebody(type, slot.day) if booked_at else None
        if booked_at is None or visitor is None:
            return False
        booking = self.timetable.booking(self.random, slot, type, visitor.user, booked_at)
        booking.session, booking.seat = session or booking.session, seat
        if any(overlap(booking, other) for other in self.busy[slot.half.adviser_id, slot.day]):
            return False
        self.take(visitor, booking, type)
        return True

    def take(self, visitor: Visitor, booking: Booking, type: AppointmentType) -> None:
        settle(self.random, booking, self.now)
        visitor.days.add(booking.local_date)
        self.busy[booking.adviser_id, booking.local_date].append(booking)
        self.uses += self.visitors.uses_of(visitor, booking, type)
        self.bookings.append(booking)

    def _booked_at(self, type: AppointmentType, starts_at: datetime, day: date) -> datetime | None:
        """A random moment at which the student could have booked: within the booking window and before now."""
        window = booking_window(type, self.now, self.visitors.calendar)
        if day > window.last_day or not is_held_on(type, day, self.visitors.calendar):
            return None
        opens = at(day - timedelta(days=type.horizon_days), time(8))
        if type.release_working_days:
            opens = at(day - timedelta(days=2), time(17, 30))
        closes = min(self.now - timedelta(minutes=2), starts_at - timedelta(minutes=type.notice_minutes))
        if closes <= opens:
            return closes if type.release_working_days else None
        return opens + self.random.random() * (closes - opens)

    def _group(self, day: date) -> None:
        type = self.timetable.types["mock-assessment-centre"]
        for slot in self.timetable.slots(day, type.slug):
            if slot.index == 0 and not self.busy[slot.half.adviser_id, day]:
                session = group_session(type.pk, slot.half.adviser_id, slot.starts_at)
                for seat in range(1, self.random.randint(3, 9)):
                    self.put(slot, type, session, seat)

    def keep(self) -> None:
        Booking.objects.bulk_create(self.bookings, batch_size=1000)
        seed_needs(self.bookings)
        AllocationUse.objects.bulk_create(self.uses, batch_size=2000)
        queue_reminders(self.institution, self.bookings)


def overlap(booking: Booking, other: Booking) -> bool:
    if booking.session == other.session:
        return False
    return booking.occupies.lower < other.occupies.upper and other.occupies.lower < booking.occupies.upper


def settle(random: Random, booking: Booking, now: datetime) -> None:
    """Sets the status that today gives the booking: attended, or arrived if it is under way or about to begin."""
    if booking.ends_at <= now:
        attend(random, booking)
    elif booking.starts_at <= now + timedelta(minutes=5) and booking.mode == "in_person":
        booking.status = BookingStatus.ARRIVED
        booking.arrived_at = min(now, booking.starts_at) - timedelta(minutes=1)


def queue_reminders(institution: Institution, bookings: list[Booking]) -> None:
    """Queues reminders as if at booking; `tray.deliver_first_messages` sends those already due."""
    policy = policy_in_force(institution.today)
    ahead = [booking for booking in bookings if booking.occupies_time and booking.starts_at > institution.now]
    queue_messages([notice for each in ahead for notice in reminders(each, policy, each.booked_at)])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE messaging_outboxmessage message SET created_at = booking.booked_at "
            "FROM appointments_booking booking "
            "WHERE booking.public_id = message.regarding AND message.state = 'queued'"
        )


def seed_time_out(institution: Institution) -> None:
    """Blocks out a day with bookings for an adviser who is ill, so that there is something to rearrange."""
    away = Booking.objects.filter(
        adviser__email__in=["judith.lang@example.ac.uk", "callum.fraser@example.ac.uk", "yvonne.osei@example.ac.uk"],
        status=BookingStatus.BOOKED,
        local_date__gt=institution.today,
    )
    first = away.order_by("during").first()
    if first is not None:
        during = day_bounds(first.local_date)
        TimeOut.objects.create(adviser_id=first.adviser_id, during=during, reason="Unwell")
        tell_who_must_move(adviser=first.adviser)
