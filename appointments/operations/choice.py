"""The time that somebody asks for, and the locks and checks shared by all operations that book one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from psycopg2.extras import DateTimeTZRange

from accounts.models import User
from accounts.operations.lock_people import lock_people
from appointments.models import AppointmentType, Booking
from appointments.models.booking import OCCUPYING
from appointments.rules.booking import may_override, wait_for_change
from appointments.rules.taking_place import hindrance_of
from appointments.selectors.changes import own_changes
from appointments.selectors.free_times import group_session
from appointments.selectors.student_times import nearest_times
from appointments.selectors.taking_place import OfferedTime, facts_column, offered_time
from eligibility.rules.facts import Context
from eligibility.selectors.student_facts import context_with, student_context
from foundation.db.extra_columns import ExtraColumn
from foundation.outcomes.decisions import Decision
from foundation.outcomes.refusals import Refused, require
from foundation.values.times import local_day, spoken_wait
from places.models import Location


def not_offered() -> Refused:
    return Refused("not_offered", "This time is not offered.", "Choose one of the free times.", field="start")


@dataclass(frozen=True, slots=True)
class Choice:
    """A chosen time: the same five fields as a free time."""

    type: AppointmentType
    starts_at: datetime
    adviser: User
    mode: str
    location: Location

    @property
    def during(self) -> DateTimeTZRange:
        return DateTimeTZRange(self.starts_at, self.starts_at + timedelta(minutes=self.type.minutes))

    @property
    def occupies(self) -> DateTimeTZRange:
        takes = timedelta(minutes=self.type.minutes + self.type.turnaround_minutes)
        return DateTimeTZRange(self.starts_at, self.starts_at + takes)


@dataclass(frozen=True, slots=True)
class Details:
    """What the student tells the adviser beforehand."""

    topic: str = ""
    help_wanted: str = ""
    access_needs: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    recording_permission: bool = False
    phone: str = ""
    """The number to call, for a telephone appointment."""


@dataclass(frozen=True, slots=True)
class Override:
    """A staff override: the reason, and whether the booking counts against the allocation."""

    reason: str
    counts: bool = True


def context_under_lock(student: User, *others: User) -> Context:
    """Locks the student and the others, then reads the facts and the database's clock while holding the locks."""
    lock_people(student, *others)
    return student_context(student.pk)


@dataclass(frozen=True, slots=True)
class LockedContext:
    """What one query reads while holding the locks. `offered` is what decides whether the choice can be offered; None
    if its adviser or place does not exist.

    `changes` are the times when the student changed bookings in the last 24 hours; empty if staff book for them.
    """

    context: Context
    offered: OfferedTime | None
    also: list[Any]
    changes: Sequence[datetime] = ()


def locked_context(
    choice: Choice, student: User, *others: User, by_staff: bool, also: Sequence[ExtraColumn] = ()
) -> LockedContext:
    """Locks the student, the adviser and the others. Students can use released blocks only, staff all blocks."""
    lock_people(student, choice.adviser, *others)
    facts = facts_column(
        type_id=choice.type.pk,
        adviser_id=choice.adviser.pk,
        location_id=choice.location.pk,
        starts=choice.during.lower,
        ends=choice.during.upper,
        released=not by_staff,
    )
    context, (found, changes, *answers) = context_with(student.pk, facts, own_changes(student), *also)
    offered = found and offered_time(found, choice.starts_at, choice.mode)
    return LockedContext(context, offered, answers, () if by_staff else changes)


def require_rate(locked: LockedContext) -> None:
    """Refuses students who change bookings too often. Pages, the API and all of a person's tokens share one limit."""
    context = locked.context
    wait = wait_for_change(locked.changes, context.facts.now, context.policy)
    if wait:
        raise Refused(
            "too_many_changes",
            "You’ve booked, moved or cancelled too often in a short time.",
            f"Try again in {spoken_wait(wait)}. You can still cancel appointments.",
            status=429,
            retry_after=wait,
        )


def require_or_override(decision: Decision, by: User, override: Override | None) -> None:
    if override is not None and not by.is_careers_staff:
        raise Refused("not_yours", "Only careers staff can override a limit.", field="override", status=403)
    if decision.allowed:
        return
    if override is None:
        require(decision)
    require(may_override(decision, by), status=403)


def require_offered(choice: Choice, locked: LockedContext, by_staff: bool) -> None:
    """Requires that the appointment can take place as chosen. Students must keep to the grid of the published block,
    staff need not.
    """
    offered = locked.offered
    if offered is None or hindrance_of(offered.circumstances, locked.context.calendar) or offered.block_start is None:
        raise not_offered()
    step = (choice.occupies.upper - choice.starts_at).total_seconds()
    if (choice.starts_at - offered.block_start).total_seconds() % step and not by_staff:
        raise not_offered()


def take_seat(choice: Choice, booking: Booking) -> None:
    """Sets session and seat: a single appointment has its own session, a group takes the lowest free seat of a shared
    one."""
    if not choice.type.is_group:
        booking.session, booking.seat = booking.public_id, 1
        return
    booking.session = group_session(choice.type.pk, choice.adviser.pk, choice.starts_at)
    others = Booking.objects.filter(session=booking.session, status__in=OCCUPYING).exclude(pk=booking.pk)
    taken = set(others.values_list("seat", flat=True))
    free = [seat for seat in range(1, choice.type.capacity + 1) if seat not in taken]
    if not free:
        raise Refused("session_full", "The last place in this session has just gone.", "Choose another time.")
    booking.seat = free[0]


def assign_time(booking: Booking, choice: Choice) -> None:
    """Sets the fields for time, place and people."""
    booking.type, booking.adviser, booking.location, booking.mode = (
        choice.type,
        choice.adviser,
        choice.location,
        choice.mode,
    )
    booking.room = choice.location if choice.location.exclusive else None
    booking.during, booking.occupies = choice.during, choice.occupies
    booking.local_date = local_day(choice.starts_at)
    take_seat(choice, booking)


OFFER_OTHERS = frozenset({"time_taken", "session_full", "not_offered", "student_busy"})


def with_alternatives(
    refused: Refused, choice: Choice, student: User, by: User, moving: Booking | None = None
) -> Refused:
    """Adds the nearest free times to refusals in OFFER_OTHERS: those that the student may book, or for staff, who may
    override limits, all. Runs after the rollback, outside the transaction. `moving` neither blocks nor counts."""
    if refused.code in OFFER_OTHERS:
        refused.alternatives = nearest_times(
            choice.type,
            student_context(student.pk),
            choice.starts_at,
            choice.adviser.public_id,
            moving,
            by_staff=by != student,
        )
    return refused
