"""About two thousand students and graduates, with their courses and activity results."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from accounts.models import AccessNeeds, Enrolment, FeeStatus, Level, Mode, Programme, Role, Status, User
from demo.seeding.institution import Institution
from demo.seeding.named_people import NAMED_STUDENTS, NamedPerson
from demo.seeding.person import Registrar
from demo.seeding.programmes import programmes_by_level
from demo.seeding.tables import table
from eligibility.models import Activity, ActivityResult
from foundation.values.times import years_after

UG, PGT, PGR = Level.UNDERGRADUATE, Level.POSTGRADUATE_TAUGHT, Level.POSTGRADUATE_RESEARCH
LENGTH = {UG: 3, PGT: 1, PGR: 4}
STUDENTS, GRADUATES, DORMANT, PAST_RETENTION = 1200, 500, 250, 60

ACCESS_NEEDS: list[str] = table("phrases")["access_needs"]


@dataclass
class Courses:
    """A person and their dependent rows, kept until the person has a primary key."""

    user: User
    enrolments: list[Enrolment] = field(default_factory=list)
    needs: AccessNeeds | None = None


class Admissions:
    def __init__(self, institution: Institution, registrar: Registrar) -> None:
        self.today, self.registrar = institution.today, registrar
        self.random: Random = institution.random("students")
        self.programmes = programmes_by_level()
        year, month = self.today.year, self.today.month
        self.autumn = date(year if month >= 9 else year - 1, 9, 15)
        if self.autumn > self.today:
            self.autumn = years_after(self.autumn, -1)
        summer = date(self.today.year, 7, 8)
        self.last_summer = summer if summer <= self.today else years_after(summer, -1)

    def current(self) -> Courses:
        level = self.random.choices([UG, PGT, PGR], [76, 18, 6])[0]
        year = self.random.randint(1, LENGTH[level])
        entry = self._someone([Role.STUDENT])
        if level == PGT and self.random.random() < 0.12:  # continued after a first degree here
            entry.enrolments.append(self.completed_course(entry.user, UG, date(self.autumn.year, 7, 8)))
        entry.enrolments.append(self.current_course(entry.user, level, year))
        return entry

    def graduate(self, first_days_ago: int, last_days_ago: int) -> Courses:
        """A graduate who completed in July or September, between so many days ago."""
        entry = self._someone([Role.GRADUATE])
        level = self.random.choices([UG, PGT, PGR], [70, 24, 6])[0]
        completed = self.today - timedelta(days=self.random.randint(first_days_ago, last_days_ago))
        entry.enrolments.append(self.completed_course(entry.user, level, completed))
        if level == PGT and self.random.random() < 0.2:
            earlier = completed - timedelta(days=430)
            entry.enrolments.append(self.completed_course(entry.user, UG, earlier))
        return entry

    def current_course(self, user: User, level: Level, year: int, programme: Programme | None = None) -> Enrolment:
        started = years_after(self.autumn, 1 - year)
        ends = years_after(started, LENGTH[level])
        return Enrolment(
            student=user,
            programme=programme or self.random.choice(self.programmes[level]),
            level=level,
            mode=self._mode(level),
            status=Status.INTERRUPTED if not programme and self.random.random() < 0.01 else Status.CURRENT,
            fee_status=FeeStatus.OVERSEAS if self.random.random() < OVERSEAS[level] else FeeStatus.HOME,
            year_of_study=year,
            started_on=started,
            expected_end_on=ends.replace(month=9, day=12) if level != UG else ends.replace(month=7, day=8),
        )

    def completed_course(self, user: User, level: Level, completed: date) -> Enrolment:
        return Enrolment(
            student=user,
            programme=self.random.choice(self.programmes[level]),
            level=level,
            mode=self._mode(level),
            status=Status.COMPLETED,
            fee_status=FeeStatus.OVERSEAS if self.random.random() < OVERSEAS[level] else FeeStatus.HOME,
            year_of_study=LENGTH[level],
            started_on=years_after(completed, -LENGTH[level]),
            expected_end_on=completed,
            completed_on=completed,
        )

    def _mode(self, level: Level) -> Mode:
        weights = [97, 3, 0] if level == UG else [80, 14, 6]
        return self.random.choices([Mode.FULL_TIME, Mode.PART_TIME, Mode.DISTANCE], weights)[0]

    def _someone(self, roles: list[str]) -> Courses:
        random = self.random
        declares = random.random() < 0.14
        needs = random.choice(ACCESS_NEEDS) if declares and random.random() < 0.4 else ""
        user = self.registrar.person(roles)
        return Courses(user, needs=AccessNeeds(person=user, text=needs, declares_disability=True) if declares else None)


OVERSEAS = {UG: 0.18, PGT: 0.5, PGR: 0.4}


def seed_students(institution: Institution, registrar: Registrar) -> None:
    admissions = Admissions(institution, registrar)
    people = [named_student(admissions, person) for person in NAMED_STUDENTS]
    people += [admissions.current() for _ in range(institution.some(STUDENTS) - len(people))]
    people += [admissions.graduate(20, 725) for _ in range(institution.some(GRADUATES))]
    people += [admissions.graduate(740, 1050) for _ in range(institution.some(DORMANT))]
    people += [admissions.graduate(1470, 1800) for _ in range(institution.some(PAST_RETENTION))]
    for entry in people:
        entry.user.joined_at = institution.now - (institution.today - entry.enrolments[0].started_on)
    User.objects.bulk_create([entry.user for entry in people], batch_size=1000)
    AccessNeeds.objects.bulk_create([entry.needs for entry in people if entry.needs], batch_size=1000)
    Enrolment.objects.bulk_create([row for entry in people for row in entry.enrolments], batch_size=1000)
    seed_activities(institution, [entry.user for entry in people[len(NAMED_STUDENTS) :]])


def named_student(admissions: Admissions, person: NamedPerson) -> Courses:
    user = admissions.registrar.person(
        list(person.roles), given=person.given_name, family=person.family_name, email=person.email
    )
    user.phone = "+447700900" + f"{100 + NAMED_STUDENTS.index(person):03d}"
    if Role.GRADUATE in person.roles:  # the University's address has ended
        user.personal_email = f"{person.given_name}.{person.family_name}@example.net".lower()
    return Courses(user, [named_course(admissions, person, user)])


def named_course(admissions: Admissions, person: NamedPerson, user: User) -> Enrolment:
    today = admissions.today
    which = NAMED_STUDENTS.index(person)
    if which in (6, 7):
        return admissions.completed_course(user, UG, admissions.last_summer if which == 6 else three_years_out(today))
    level, year, code = (
        (UG, 2, "u-ba-history"),
        (UG, 3, "u-bsc-computer-science"),
        (UG, 2, "u-bsc-psychology"),
        (UG, 3, "u-bsc-marketing"),
        (PGT, 1, "t-msc-data-science"),
        (PGR, 3, "r-phd-natural-sciences"),
    )[which]
    course = admissions.current_course(user, level, year, Programme.objects.get(code=code))
    course.mode, course.fee_status = Mode.FULL_TIME, FeeStatus.OVERSEAS if level == PGT else FeeStatus.HOME
    return course


def three_years_out(today: date) -> date:
    """The 12 September between two and a half and three and a half years ago: no more services, but data is kept."""
    latest = years_after(today, -2) - timedelta(days=183)
    day = date(latest.year, 9, 12)
    return day if day <= latest else years_after(day, -1)


def seed_activities(institution: Institution, students: list[User]) -> None:
    """Not for the named students, whose activities are part of their situations."""
    random = institution.random("activities")
    activities = {activity.slug: activity for activity in Activity.objects.all()}
    rows: list[ActivityResult] = []

    def did(user: User, slug: str, share: float, **result: object) -> None:
        if random.random() < share:
            rows.append(ActivityResult(student=user, activity=activities[slug], **result))

    for user in students:
        did(user, "cv-essentials", 0.5, completed_on=institution.today - timedelta(days=random.randint(3, 700)))
        did(user, "cv-score", 0.4, score=min(100, max(20, round(random.gauss(66, 14)))))
        did(user, "interview-essentials", 0.25, completed_on=institution.today - timedelta(days=random.randint(3, 500)))
        did(user, "practice-interview-tool", 0.2, count=random.randint(1, 6))
        did(user, "employer-sessions", 0.4, count=random.choices([1, 2, 3, 5], [50, 25, 15, 10])[0])
    ActivityResult.objects.bulk_create(rows, batch_size=2000)
