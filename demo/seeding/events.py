"""Events: forty a semester for two years, those to come with waiting lists, and one that is on now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from psycopg2.extras import DateTimeTZRange

from accounts.models import Role, User
from demo.seeding.event_words import EMPLOYERS, EVENTS, FAIRS, TYPES
from demo.seeding.institution import Institution, public_id
from demo.seeding.named_people import FINISHING, FRESH
from eligibility.models import Activity, Strike, StrikeKind, WaitingEntry, WaitingState
from events.models import (
    CheckIn,
    Event,
    EventEmployer,
    EventFeedback,
    EventOrganiser,
    EventSession,
    EventState,
    EventType,
    Registration,
    RegistrationStatus,
)
from foundation.values.sources import SourceKind
from foundation.values.times import at, local_day
from places.models import Confidentiality, Location, MeetingMode, PlaceUse

A_SEMESTER = 40
AHEAD = timedelta(weeks=8)
BACK = timedelta(days=730)
HOURS = (time(10), time(12), time(13), time(14), time(16))
LONG_MINUTES = 150
FAIR_PLACES = 400
ROOMS = ("Lecture theatre A", "Lecture theatre B", "Seminar room 3", "Great Hall")


def seed_event_types() -> None:
    sessions = Activity.objects.filter(slug="employer-sessions").first()
    for order, (slug, name, is_employer_led) in enumerate(TYPES):
        counts_as = sessions if is_employer_led else None
        EventType.objects.create(
            slug=slug, name=name, is_employer_led=is_employer_led, counts_as=counts_as, order=order, colour=order
        )


def seed_rooms(institution: Institution) -> None:
    random = institution.random("lecture rooms")
    note = "Public event: everybody who comes can hear you."
    Location.objects.bulk_create(
        Location(
            public_id=public_id(random),
            name=name,
            building="Ashworth Building",
            confidentiality=Confidentiality.NOT_CONFIDENTIAL,
            confidentiality_note=note,
            directions="Follow the signs from the main entrance.",
        )
        for name in ROOMS
    )


def seed_events(institution: Institution) -> None:
    """What is missing: the past of an empty demonstration, the next weeks, and the event that is on now."""
    Events(institution).make()


class Events:
    def __init__(self, institution: Institution) -> None:
        self.institution, self.now, self.today = institution, institution.now, institution.today
        self.random = institution.random("events")
        self.types = {type.slug: type for type in EventType.objects.select_related("counts_as")}
        self.rooms = list(Location.objects.filter(name__in=ROOMS).order_by("pk"))
        self.colleagues = list(User.objects.filter(roles__overlap=[Role.ADVISER, Role.CAREERS_MANAGER]).order_by("pk"))
        self.students = list(User.objects.students().filter(is_active=True).order_by("pk"))
        self.taken: set[tuple[int, date, time]] = set()
        self.struck: set[int] = set()

    def make(self) -> None:
        is_first = not Event.objects.exists()
        last = Event.objects.order_by("-local_date").values_list("local_date", flat=True).first()
        first = self.today - BACK if is_first or last is None else last + timedelta(days=1)
        if self.institution.small and is_first:
            first = self.today - timedelta(days=28)
        for day, index in self._days(first, self.today + AHEAD):
            title, slug, about, minutes, places, online = EVENTS[index % len(EVENTS)]
            self._one(day, self._clock(slug, minutes), title, slug, about, minutes, places, online)
        if not Event.objects.filter(local_date=self.today, title=FAIRS[0]).exists():
            self._fair_now()
        if is_first:
            self._named()

    def _clock(self, slug: str, minutes: int) -> time:
        """Evenings for networking, mornings for what takes long."""
        if slug == "networking":
            return time(17, 30)
        return time(9) if minutes > LONG_MINUTES else self.random.choice(HOURS)

    def _days(self, first: date, last: date) -> Iterator[tuple[date, int]]:
        """Forty working days of each semester, evenly."""
        calendar, index = self.institution.calendar(), 0
        for semester in calendar.semesters:
            days = [semester.first + timedelta(days=n) for n in range((semester.after - semester.first).days)]
            working = [day for day in days if calendar.is_working_day(day)]
            step = max(len(working) / A_SEMESTER, 1)
            for number in range(min(A_SEMESTER, len(working))):
                index += 1
                day = working[int(number * step)]
                if first <= day <= last and day != self.today:
                    yield day, index

    def _one(
        self, day: date, clock: time, title: str, slug: str, about: str, minutes: int, places: int | None,
        online: int | None,
    ) -> None:  # fmt: skip
        starts = at(day, clock)
        state = EventState.PUBLISHED
        if starts > self.now + timedelta(days=10) and self.random.random() < 0.15:
            state = EventState.DRAFT
        event = self._event(starts, minutes, title, slug, about, places, online, state)
        if state == EventState.DRAFT:
            return
        is_past = event.ends_at < self.now
        for mode in event.modes:
            total = event.places(mode)
            share = self.random.uniform(0.35, 0.95) if is_past else self.random.choice((0.15, 0.4, 0.7, 1.0))
            self._fill(event, mode, min(int(total * share), self.institution.some(total)), is_past=is_past)
            if share == 1.0 and not self.institution.small:
                self._wait(event, mode)

    def _event(
        self, starts: datetime, minutes: int, title: str, slug: str, about: str, places: int | None,
        online: int | None, state: EventState,
    ) -> Event:  # fmt: skip
        type, ends = self.types[slug], starts + timedelta(minutes=minutes)
        during, is_past = DateTimeTZRange(starts, ends), ends < self.now
        by = self.random.choice(self.colleagues)
        event = Event.objects.create(
            public_id=public_id(self.random),
            type=type,
            title=title,
            summary=about,
            description=f"{about}\n\n**Who it is for:** everybody, whatever you study.\n\nBring questions.",
            during=during,
            local_date=local_day(starts),
            places_in_person=places,
            places_online=online,
            online_link="https://meet.example.ac.uk/events" if online else "",
            is_employer_led=type.is_employer_led,
            counts_as=type.counts_as,
            shares_with_employers=slug == "networking",
            cancel_until=starts - timedelta(hours=24) if slug in ("visit", "networking") else None,
            state=state,
            published_at=None if state == EventState.DRAFT else min(self.now, starts) - timedelta(days=30),
            attendance_closed_at=ends + timedelta(hours=3) if is_past else None,
            attendance_closed_by=by if is_past else None,
            created_by=by,
        )
        EventOrganiser.objects.create(event=event, person=by)
        self._session(event, starts, slug)
        if type.is_employer_led:
            names = self.random.sample(EMPLOYERS, 3 if slug == "fair" else 2)
            EventEmployer.objects.bulk_create(
                EventEmployer(event=event, name=name, order=order) for order, name in enumerate(names)
            )
        return event

    def _session(self, event: Event, starts: datetime, slug: str) -> None:
        room = self._room(event.local_date, starts) if event.places_in_person and slug != "visit" else None
        venue = "Meet at the coach stop, North Gate" if event.places_in_person and room is None else ""
        EventSession.objects.create(event=event, during=event.during, location=room, venue=venue)
        if room:
            PlaceUse.objects.create(location=room, during=event.during, **event.source.fields)

    def _room(self, day: date, starts: datetime) -> Location | None:
        """One event a day and room, so that none overlap."""
        free = [room for room in self.rooms if (room.pk, day, time.min) not in self.taken]
        if not free:
            return None
        self.taken.add((free[0].pk, day, time.min))
        return free[0]

    def _fill(self, event: Event, mode: str, count: int, *, is_past: bool) -> None:
        others = self._without_place(event)
        people = self.random.sample(others, min(count, len(others)))
        rows = [self._registration(event, mode, seat, who, is_past) for seat, who in enumerate(people, 1)]
        Registration.objects.bulk_create(rows)
        session = event.sessions.get()
        there = [row for row in rows if row.status == RegistrationStatus.ATTENDED]
        CheckIn.objects.bulk_create(
            CheckIn(registration=row, session=session, at=event.starts_at, by=event.created_by, how="code")
            for row in there
        )
        EventFeedback.objects.bulk_create(
            EventFeedback(registration=row, score=self.random.choice((3, 4, 4, 5, 5)), text="")
            for row in there
            if self.random.random() < 0.2
        )
        self._miss([row for row in rows if row.status == RegistrationStatus.MISSED], event)

    def _without_place(self, event: Event) -> list[User]:
        have = set(event.registrations.values_list("student", flat=True))
        return [who for who in self.students if who.pk not in have]

    def _registration(self, event: Event, mode: str, seat: int, student: User, is_past: bool) -> Registration:
        status = RegistrationStatus.REGISTERED
        if is_past:
            wants = self.random.choices(("attended", "missed", "cancelled"), (80, 5, 15))[0]
            status = RegistrationStatus(wants)
        if status == RegistrationStatus.MISSED and student.pk in self.struck:
            status = RegistrationStatus.ATTENDED
        before = timedelta(days=self.random.uniform(1, 20))
        return Registration(
            public_id=public_id(self.random),
            event=event,
            student=student,
            mode=mode,
            seat=seat,
            status=status,
            registered_at=min(event.starts_at, self.now) - before,
            registered_by=student,
            ended_at=event.ends_at if is_past else None,
        )

    def _miss(self, rows: list[Registration], event: Event) -> None:
        """At most one for each student: nobody's situation changes by it."""
        self.struck |= {row.student_id for row in rows}
        kind = StrikeKind.EVENT if event.is_employer_led else StrikeKind.OTHER
        Strike.objects.bulk_create(
            Strike(
                public_id=public_id(self.random),
                student=row.student,
                kind=kind,
                about=event.title,
                on=event.local_date,
                source_kind=SourceKind.REGISTRATION,
                source_id=row.public_id,
            )
            for row in rows
        )

    def _wait(self, event: Event, mode: str) -> None:
        others = self._without_place(event)
        WaitingEntry.objects.bulk_create(
            WaitingEntry(
                public_id=public_id(self.random),
                student=who,
                **event.source.fields,
                lane=mode,
                number=number,
                joined_at=self.now - timedelta(hours=60 - number),
            )
            for number, who in enumerate(self.random.sample(others, self.random.randint(3, 9)), 1)
        )

    def _fair_now(self) -> None:
        """The fair of today began twenty minutes ago, whatever the time is: somebody wants to try the door."""
        starts = self.now.replace(second=0, microsecond=0) - timedelta(minutes=20)
        about = "Thirty employers in one hall. Come when you like."
        args = (starts, 240, FAIRS[0], "fair", about, FAIR_PLACES, None, EventState.PUBLISHED)
        event = self._event(*args)
        Event.objects.filter(pk=event.pk).update(registration_closes_at=event.ends_at)
        self._fill(event, MeetingMode.IN_PERSON, self.institution.some(90), is_past=False)
        rows = list(event.registrations.order_by("pk")[: self.institution.some(40)])
        session, desk = event.sessions.get(), User.objects.filter(roles__contains=[Role.FRONT_DESK]).first()
        CheckIn.objects.bulk_create(
            CheckIn(registration=row, session=session, at=starts + timedelta(minutes=n % 20), by=desk, how="code")
            for n, row in enumerate(rows)
        )

    def _named(self) -> None:
        """The second-year undergraduate is registered for one; a place is kept for the postgraduate at another."""
        ahead = Event.objects.published().filter(
            during__startswith__gt=self.now + timedelta(days=2), places_online=None
        )
        people = {person.email: person for person in User.objects.filter(email__in=[FRESH.email, FINISHING.email])}
        for event in ahead.order_by("during"):
            if event.registrations.count() < event.places(MeetingMode.IN_PERSON):
                self._give(event, people[FRESH.email])
                break
        full = WaitingEntry.objects.filter(source_id__in=ahead.values("public_id")).order_by("pk").first()
        if full:
            full.student, full.state = people[FINISHING.email], WaitingState.OFFERED
            full.offered_at, full.offer_ends_at = self.now, self.now + timedelta(hours=10)
            event = Event.objects.get(public_id=full.source_id)
            event.registrations.filter(student=full.student).delete()
            event.registrations.order_by("-seat").first().delete()  # type: ignore[union-attr]  # the event is full
            full.save()

    def _give(self, event: Event, student: User) -> None:
        if not event.registrations.filter(student=student).exists():
            seat = event.registrations.count() + 1
            self._registration(event, MeetingMode.IN_PERSON, seat, student, is_past=False).save()
