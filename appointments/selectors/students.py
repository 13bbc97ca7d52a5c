"""What careers staff see of a student: courses, allocations, appointments; and the search for students."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch

from accounts.models import Enrolment, User
from accounts.selectors.finding import found_people
from appointments.models import AppointmentType, Booking, BookingStatus
from appointments.rules.booking import may_book_on
from appointments.rules.in_confidence import asks_about_disability
from eligibility.models import AllocationPolicy
from eligibility.rules.allocation import AllocationBalance, allocation_balance, applies
from eligibility.selectors.activities import activity_standings
from eligibility.selectors.student_facts import Context
from foundation.outcomes.decisions import Decision

MOST_FOUND = 100


@dataclass(frozen=True, slots=True)
class StudentRecord:
    enrolments: list[Enrolment]
    balances: list[AllocationBalance]
    upcoming: list[Booking]
    past: list[Booking]
    missed: int
    done: list[tuple[str, str]]


def found_students(words: str, by: User) -> list[User]:
    """An empty search finds nobody, so that an empty filter never lists everybody."""
    courses = Prefetch("enrolments", Enrolment.objects.select_related("programme"))
    return found_people(words, User.objects.visible_to(by).students().prefetch_related(courses), most=MOST_FOUND)


def student_record(student: User, context: Context, now: datetime) -> StudentRecord:
    """Four queries: courses, policies with their audiences, bookings, activities."""
    enrolments = list(Enrolment.objects.filter(student=student).select_related("programme__school"))
    policies = AllocationPolicy.objects.filter(appointment_types__is_offered=True).select_related("audience").distinct()
    today = context.facts.today
    balances = [
        allocation_balance(policy, context.facts, today, context.calendar)
        for policy in policies
        if not (policy.audience and policy.audience.asks_about_disability) and applies(policy, context.facts, today)
    ]
    bookings = list(Booking.objects.filter(student=student).with_people().order_by("during"))
    upcoming = [booking for booking in bookings if booking.occupies_time and booking.ends_at > now]
    past = [booking for booking in reversed(bookings) if booking not in upcoming]
    missed = sum(booking.status == BookingStatus.MISSED for booking in bookings)
    done = [(each.activity.name, each.words) for each in activity_standings(context.facts) if each.words]
    return StudentRecord(enrolments, balances, upcoming, past, missed, done)


@dataclass(frozen=True, slots=True)
class TypeForStudent:
    """`decision` is None where it would tell who has declared a disability. `may_open`: the reader may go on."""

    type: AppointmentType
    decision: Decision | None
    may_open: bool


def types_for_student(context: Context, on: date, by: User) -> list[TypeForStudent]:
    """Two queries. Every type on offer, with the decision for this student."""
    return [
        TypeForStudent(type, None, by.may_read_notes)
        if asks_about_disability(type)
        else TypeForStudent(type, may_book_on(type, context, on), may_open=True)
        for type in AppointmentType.objects.offered().with_rules()
    ]
