"""Finds students who may book a type on a day and keeps count of what they have used, so that the demonstration obeys
its own rules.

Gives the same answers as `eligibility.rules`, but from memory: six thousand bookings each ask several times.
"""

from collections import defaultdict
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from random import Random

from accounts.models import AccessNeeds, Level, Role, Status, User
from appointments.models import AppointmentType, Booking
from appointments.models.booking import OCCUPYING
from demo.seeding.institution import Institution
from demo.seeding.named_people import NAMED_STUDENTS
from eligibility.models import AllocationPolicy, AllocationUse, Period
from eligibility.rules.allocation import period_of
from eligibility.rules.calendar import AcademicCalendar
from foundation.values.times import years_after


@dataclass
class Visitor:
    user: User
    starts: date
    completed: date | None
    levels: frozenset[str]
    overseas: bool
    placement: bool
    cv_from: date | None
    met_employers: bool
    declares_disability: bool
    uses: dict[int, list[date]] = field(default_factory=lambda: defaultdict(list))
    last_ordinal: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))
    days: set[date] = field(default_factory=set)

    def is_client(self, on: date) -> bool:
        return self.starts <= on and (self.completed is None or on <= years_after(self.completed, 2))

    def is_student(self, on: date) -> bool:
        return self.starts <= on and (self.completed is None or on < self.completed)

    def is_graduate(self, on: date) -> bool:
        return self.completed is not None and self.completed <= on <= years_after(self.completed, 2)


MAY: dict[str, Callable[[Visitor, date], bool]] = {
    "careers-guidance": Visitor.is_client,
    "applications-advice": lambda v, on: v.is_client(on) and v.cv_from is not None and v.cv_from <= on,
    "practice-interview": Visitor.is_client,
    "research-consultation": lambda v, on: v.is_student(on) and Level.POSTGRADUATE_RESEARCH in v.levels,
    "working-in-the-uk": lambda v, on: v.is_student(on) and v.overseas,
    "placement-check-in": lambda v, on: v.is_student(on) and v.placement,
    "graduate-guidance": Visitor.is_graduate,
    "disability-and-neurodiversity": lambda v, on: v.is_client(on) and v.declares_disability,
    "quick-query": lambda v, on: v.starts <= on,
    "mock-assessment-centre": lambda v, on: (
        v.is_client(on) and v.met_employers and Level.POSTGRADUATE_RESEARCH not in v.levels
    ),
}


class Visitors:
    """Everybody but the named people. Some book much more often than others."""

    def __init__(self, institution: Institution) -> None:
        self.random: Random = institution.random("visitors")
        self.calendar: AcademicCalendar = institution.calendar()
        self.policies: dict[int, list[AllocationPolicy]] = {
            type.pk: type.limits for type in AppointmentType.objects.with_rules()
        }
        self.everybody = _read()
        self.by_id = {visitor.user.pk: visitor for visitor in self.everybody}
        self.keen = list(accumulate(min(self.random.paretovariate(1.2), 5.0) for _ in self.everybody))
        self._read_uses()

    def _read_uses(self) -> None:
        counted = AllocationUse.objects.values_list("student_id", "policy_id", "on", "period_key", "ordinal")
        for student, policy, on, key, ordinal in counted:
            if visitor := self.by_id.get(student):
                visitor.uses[policy].append(on)
                visitor.last_ordinal[policy, key] = max(visitor.last_ordinal[policy, key], ordinal)
        ahead = Booking.objects.filter(status__in=OCCUPYING).values_list("student_id", "local_date")
        for student, on in ahead:
            if student in self.by_id:
                self.by_id[student].days.add(on)

    def somebody(self, type: AppointmentType, on: date, tries: int = 60) -> Visitor | None:
        """A random student who may use this type that day, has an appointment left and nothing else booked that day."""
        entitled = MAY[type.slug]
        for visitor in self.random.choices(self.everybody, cum_weights=self.keen, k=tries):
            if on not in visitor.days and entitled(visitor, on) and self.has_one_left(visitor, type, on):
                return visitor
        return None

    def has_one_left(self, visitor: Visitor, type: AppointmentType, on: date) -> bool:
        for policy in self.policies[type.pk]:
            used = visitor.uses[policy.pk]
            if policy.period == Period.ROLLING_DAYS:
                near = sum(abs((on - day).days) < (policy.rolling_days or 1) for day in used)
            else:
                span = period_of(policy, on, self.calendar)
                near = sum(day in span for day in used)
            if near >= policy.limit:
                return False
        return True

    def uses_of(self, visitor: Visitor, booking: Booking, type: AppointmentType) -> list[AllocationUse]:
        """Counts what the booking uses, and returns the rows for it."""
        rows = []
        for policy in self.policies[type.pk]:
            on = booking.local_date
            key = period_of(policy, on, self.calendar).key
            visitor.uses[policy.pk].append(on)
            visitor.last_ordinal[policy.pk, key] += 1
            rows.append(
                AllocationUse(
                    student=visitor.user,
                    policy=policy,
                    source_id=booking.public_id,
                    on=on,
                    ends_at=booking.ends_at,
                    minutes=booking.minutes,
                    period_key=key,
                    ordinal=visitor.last_ordinal[policy.pk, key],
                )
            )
        return rows


def _read() -> list[Visitor]:
    named = [person.email for person in NAMED_STUDENTS]
    students = (
        User.objects.filter(roles__overlap=[Role.STUDENT, Role.GRADUATE])
        .exclude(email__in=named)
        .order_by("pk")
        .prefetch_related("enrolments__programme", "activity_results__activity")
    )
    declaring = set(AccessNeeds.objects.filter(declares_disability=True).values_list("person", flat=True))
    return [_visitor(user, declaring) for user in students]


def _visitor(user: User, declaring: Container[int]) -> Visitor:
    courses = list(user.enrolments.all())
    results = {result.activity.slug: result for result in user.activity_results.all()}
    going = [course for course in courses if course.status == Status.CURRENT]
    ended = [course.completed_on for course in courses if course.completed_on]
    essentials, score = results.get("cv-essentials"), results.get("cv-score")
    cv_from = essentials.completed_on if essentials else None
    if score and (score.score or 0) >= 70:
        cv_from = min(course.started_on for course in courses)
    last = going or courses
    return Visitor(
        user=user,
        starts=min(course.started_on for course in last),
        completed=None if going else max(ended, default=date.min),
        levels=frozenset(course.level for course in last),
        overseas=any(course.fee_status == "overseas" for course in last),
        placement=any(course.programme.has_placement_year for course in last),
        cv_from=cv_from,
        met_employers="employer-sessions" in results,
        declares_disability=user.pk in declaring,
    )
