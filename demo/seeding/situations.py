"""Creates the named people's situations, and renews them on a later day if they no longer hold."""

from datetime import date, datetime, time, timedelta

from accounts.models import User
from appointments.models import AppointmentType, Booking, BookingStatus
from appointments.operations.book import book_appointment
from appointments.operations.choice import Choice, Details
from appointments.rules.booking import may_book_at
from appointments.selectors.free_times import TimeSearch, free_times
from demo.seeding import named_people as named
from demo.seeding.history import attend, hold_row, miss, strike_row
from demo.seeding.institution import Institution
from demo.seeding.slots import booking_row
from eligibility.models import Activity, ActivityResult, Hold, Strike
from eligibility.operations.allocation import use_allocation
from eligibility.selectors.student_facts import student_context
from foundation.values.times import at
from places.models import Location


class Situations:
    def __init__(self, institution: Institution) -> None:
        self.institution, self.today = institution, institution.today
        self.random = institution.random("situations")
        self.calendar = institution.calendar()
        self.types = {type.slug: type for type in AppointmentType.objects.with_rules()}
        self.people = {person.email: person for person in User.objects.filter(email__in=EMAILS)}
        self.adviser = User.objects.get(email="tariq.aziz@example.ac.uk")

    def make_true(self) -> None:
        self._did(named.FRESH, "cv-score", score=62)
        self._did(named.USED_UP, "cv-essentials", completed_on=self.today - timedelta(days=60))
        self._did(named.FINISHING, "cv-score", score=82)
        self._did(named.FINISHING, "employer-sessions", count=2)
        self._did(named.LAST_YEAR, "cv-essentials", completed_on=self.today - timedelta(days=400))
        self._used_up()
        self._missed(named.TWO_MISSES, (20, 48))
        self._missed(named.ON_HOLD, (17, 38, 66))
        self._hold()
        self._next(named.FINISHING, "practice-interview", first=2, topic="Job interview")
        self._next(named.RESEARCHER, "research-consultation", first=3, topic="Fellowships")
        self._next(named.LAST_YEAR, "graduate-guidance", first=1, topic="First graduate job")

    def _person(self, person: named.NamedPerson) -> User:
        return self.people[person.email]

    def _did(self, person: named.NamedPerson, slug: str, **result: object) -> None:
        activity = Activity.objects.get(slug=slug)
        ActivityResult.objects.get_or_create(student=self._person(person), activity=activity, defaults=result)

    def _used_up(self) -> None:
        """Two appointments this semester, and one ahead that uses up every run of fourteen days around it."""
        student = self._person(named.USED_UP)
        ahead = self._next(named.USED_UP, "careers-guidance", first=2, topic="Choosing a career")
        next_day = ahead.local_date if ahead else self.today
        semester = self.calendar.semester_of(next_day)
        for days in (15, 32):
            day = self._working_day(next_day - timedelta(days=days))
            near = Booking.objects.filter(student=student, local_date__range=(day - FORTNIGHT, day + FORTNIGHT))
            if day < self.today and day in semester and not near.exists():
                self._past(student, day, attended=True)
        if ahead is None and not student.bookings.filter(local_date__gt=self.today - FORTNIGHT).exists():
            self._past(student, self._working_day(self.today - timedelta(days=1)), attended=True)

    def _missed(self, person: named.NamedPerson, days_ago: tuple[int, ...]) -> None:
        student = self._person(person)
        if not Strike.objects.filter(student=student).exists():
            for days in days_ago:
                self._past(student, self._working_day(self.today - timedelta(days=days)), attended=False)

    def _hold(self) -> None:
        student, manager = self._person(named.ON_HOLD), self.people[named.MANAGER.email]
        if not Hold.objects.filter(student=student, during__contains=self.today, lifted_at__isnull=True).exists():
            hold_row(self.institution, student, manager).save()

    def _working_day(self, day: date) -> date:
        while not self.calendar.is_working_day(day):
            day -= timedelta(days=1)
        return day

    def _past(self, student: User, day: date, *, attended: bool) -> None:
        type, starts_at = self.types["careers-guidance"], at(day, time(9, 30))
        booking = booking_row(
            self.random,
            student=student,
            adviser=self.adviser,
            type=type,
            place=Location.objects.get(name="Atrium room 2"),
            starts_at=starts_at,
            booked_at=starts_at - timedelta(days=6),
        )
        attend(self.random, booking)
        if not attended:
            miss(booking)
        booking.save(force_insert=True)
        self._count(booking, type)
        if not attended:
            strike_row(booking).save()

    def _count(self, booking: Booking, type: AppointmentType) -> None:
        context = student_context(booking.student_id)
        use_allocation(
            student=booking.student,
            source=booking.source,
            policies=type.limits,
            on=booking.local_date,
            ends_at=booking.ends_at,
            minutes=booking.minutes,
            facts=context.facts,
            calendar=context.calendar,
        )

    def _next(self, person: named.NamedPerson, slug: str, *, first: int, topic: str) -> Booking | None:
        """The existing upcoming booking, or a new one made as the student would. None if no time was free."""
        student, type = self._person(person), self.types[slug]
        there = student.bookings.filter(type=type, status=BookingStatus.BOOKED, local_date__gt=self.today).first()
        if there is not None:
            return there
        context = student_context(student.pk)
        span = (self.today + timedelta(days=first), self.today + timedelta(days=min(type.horizon_days, 13)))
        search = TimeSearch(type, *span, context.facts.now, context.calendar, student_id=student.pk)
        for found in free_times(search, limit=200):
            if may_book_at(type, context, found.starts_at):
                return self._book(student, type, found.starts_at, found.adviser, found.location, topic)
        return None

    def _book(
        self, student: User, type: AppointmentType, starts_at: datetime, adviser: str, place: str, topic: str
    ) -> Booking:
        location = Location.objects.get(public_id=place)
        choice = Choice(type, starts_at, User.objects.get(public_id=adviser), location.mode, location)
        asked = {"employer": "Pelham Software", "interview_date": "In two weeks"}
        answers = asked if type.questions else {}
        return book_appointment(student=student, choice=choice, details=Details(topic, answers=answers), by=student)


FORTNIGHT = timedelta(days=13)
EMAILS = [person.email for person in named.NAMED_PEOPLE]
