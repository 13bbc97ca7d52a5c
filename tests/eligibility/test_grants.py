"""Grants are used up by the booking that needs them, and given back in time; they last a full period (ELIG-2)."""

from dataclasses import replace
from datetime import date, time, timedelta
from functools import partial
from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.apps import apps
from django.db import IntegrityError

from accounts.models import PolicySetting, User
from appointments.models import Booking
from appointments.operations.book import book_appointment
from appointments.operations.cancel import cancel_booking
from appointments.operations.choice import Choice, Details, Override
from appointments.operations.move import move_booking
from appointments.operations.undo_cancellation import undo_cancellation
from appointments.rules.booking import may_book_on
from appointments.selectors.student_types import offer_of
from eligibility import migrations
from eligibility.models import AllocationUse, Grant, Period
from eligibility.operations.holds import HoldTerms, place_hold
from eligibility.rules.allocation import FURTHEST, allocation_balance, last_day_of_grant, left_on
from eligibility.rules.calendar import AcademicCalendar, Span
from eligibility.rules.facts import HoldFact, StudentFacts
from eligibility.selectors.student_facts import student_context
from foundation.outcomes.refusals import Refused
from foundation.values.times import at, database_now, local_day
from tests.appointments.racing import race
from tests.cast import Cast, assemble, working_day
from tests.eligibility.test_allocation import policy
from tests.factories import publish

pytestmark = [pytest.mark.django_db, pytest.mark.policy("ELIG-2")]


def limited(cast: Cast, period: str = Period.ROLLING_DAYS, days: int | None = 28, limit: int = 1) -> None:
    cast.policy.period, cast.policy.rolling_days, cast.policy.limit = period, days, limit
    cast.policy.save()


def grant(cast: Cast, days: int = 28, extra: int = 1) -> Grant:
    today = local_day(database_now())
    return Grant.objects.create(
        student=cast.student, policy=cast.policy, extra=extra, starts_on=today, expires_on=today + timedelta(days=days),
        reason="Was in hospital.", granted_by=cast.manager,
    )  # fmt: skip


def slot(cast: Cast, number: int, day: date | None = None) -> Choice:
    """The times on the grid of 40 minutes from 09:00, numbered from 9."""
    hours, minutes = divmod(40 * (number - 9), 60)
    return cast.choice(9 + hours, minutes, day=day)


def book(cast: Cast, hour: int, by: User | None = None, override: Override | None = None) -> Booking:
    choice = slot(cast, hour)
    return book_appointment(
        student=cast.student, choice=choice, details=Details(), by=by or cast.student, override=override
    )


def code(cast: Cast, hour: int) -> str:
    with pytest.raises(Refused) as refused:
        book(cast, hour)
    return refused.value.code


def used(booking: Booking) -> int | None:
    return AllocationUse.objects.get(source_id=booking.public_id).grant_id


@pytest.mark.parametrize("period", [Period.ROLLING_DAYS, Period.WEEK, Period.MONTH, Period.ACADEMIC_YEAR])
def test_a_grant_gives_one_appointment_in_all_its_periods_together(cast: Cast, period: str) -> None:
    limited(cast, period, 3 if period == Period.ROLLING_DAYS else None)
    given = grant(cast, days=400)
    first, second = book(cast, 9), book(cast, 10)
    assert (used(first), used(second)) == (None, given.pk)
    assert code(cast, 11) == "allocation_used"
    context = student_context(cast.student.pk)
    later = cast.day + timedelta(days=370)
    assert left_on(cast.policy, context.facts, later, context.calendar) == 1, "of the later period, none of the grant"


def test_it_is_used_only_by_the_booking_that_needs_it(cast: Cast) -> None:
    limited(cast)
    given = grant(cast)
    first = book(cast, 9)
    assert used(first) is None
    second = book(cast, 10)
    assert used(second) == given.pk
    cancel_booking(booking=first, by=cast.student)
    assert used(book(cast, 11)) is None, "the allocation comes first"


@pytest.mark.parametrize("in_time", [True, False])
def test_it_is_given_back_when_cancelled_in_time(cast: Cast, in_time: bool) -> None:
    limited(cast)
    grant(cast)
    book(cast, 9)
    second = book(cast, 10)
    cast.type.cancel_notice_minutes = 0 if in_time else 100_000
    cast.type.save()
    cancel_booking(booking=Booking.objects.get(pk=second.pk), by=cast.student)
    if in_time:
        assert used(book(cast, 11))
    else:
        assert code(cast, 11) == "allocation_used"


def test_moving_keeps_it_while_its_days_allow_and_otherwise_gives_it_back(cast: Cast) -> None:
    limited(cast, Period.ROLLING_DAYS, 2)
    given = grant(cast, days=(cast.day - local_day(database_now())).days)
    book(cast, 9)
    second = book(cast, 10)
    moved = move_booking(booking=second, choice=slot(cast, 11), by=cast.student)
    assert used(moved) == given.pk
    Grant.objects.filter(pk=given.pk).update(expires_on=local_day(database_now()))
    with pytest.raises(Refused) as refused:
        move_booking(booking=moved, choice=slot(cast, 12), by=cast.student)
    assert refused.value.code == "allocation_used"
    assert used(moved) == given.pk, "what is refused changes nothing"


def test_moving_keeps_it_although_something_else_is_free_by_now(cast: Cast) -> None:
    limited(cast)
    given = grant(cast)
    first, second = book(cast, 9), book(cast, 10)
    grant(cast, days=14)
    cancel_booking(booking=first, by=cast.student)
    moved = move_booking(booking=second, choice=slot(cast, 11), by=cast.student)
    assert used(moved) == given.pk


def test_moving_out_of_its_days_gives_it_back(cast: Cast) -> None:
    limited(cast, Period.ROLLING_DAYS, 1)
    given = grant(cast, days=(cast.day - local_day(database_now())).days)
    book(cast, 9)
    second = book(cast, 10)
    after = working_day((cast.day - local_day(database_now())).days + 1)
    publish(cast.adviser, cast.type, cast.room, day=after)
    choice = slot(cast, 9, after)
    moved = move_booking(booking=second, choice=choice, by=cast.manager, override=Override("They asked for it."))
    assert used(moved) is None
    assert not given.uses.exists()


def test_a_grant_of_two_is_used_twice(cast: Cast) -> None:
    limited(cast)
    grant(cast, extra=2)
    bookings = [book(cast, hour) for hour in (9, 10, 11)]
    assert [use.grant_ordinal for use in AllocationUse.objects.order_by("pk")] == [None, 1, 2]
    assert code(cast, 12) == "allocation_used"
    cancel_booking(booking=bookings[1], by=cast.student)
    book(cast, 12)
    assert sorted(AllocationUse.objects.values_list("grant_ordinal", flat=True), key=str) == [1, 2, None]


def test_the_one_that_ends_first_is_used_first(cast: Cast) -> None:
    limited(cast)
    grant(cast, days=28)
    sooner = grant(cast, days=14)
    book(cast, 9)
    assert used(book(cast, 10)) == sooner.pk


def test_what_staff_book_over_the_limit_does_not_take_a_grant_from_the_student_twice(cast: Cast) -> None:
    limited(cast)
    book(cast, 9)
    over = book(cast, 10, cast.adviser, Override("Interview tomorrow."))
    assert used(over) is None
    given = grant(cast)
    assert used(book(cast, 11)) == given.pk
    assert code(cast, 12) == "allocation_used"


def test_pages_and_rules_say_the_same_number(cast: Cast) -> None:
    """One function behind the refusal, the free times, home, the cards and the API."""
    limited(cast)
    grant(cast, days=20)
    numbers = []
    for hour in (9, 10, 11):
        context = student_context(cast.student.pk)
        offer = offer_of(cast.type, context)
        balance = offer.balances[0]
        today = context.facts.today
        left = left_on(cast.policy, context.facts, today, context.calendar)
        assert bool(balance.left) == bool(may_book_on(cast.type, context, today)) == (offer.first_day == today)
        assert balance.left == balance.limit - balance.used == left
        assert (balance.extra != "") == bool(balance.granted)
        assert balance.extra in balance.sentence
        numbers.append((balance.left, balance.limit, balance.granted))
        if balance.left:
            book(cast, hour)
    assert numbers == [(2, 2, 1), (1, 2, 1), (0, 2, 0)]
    assert balance.again_on


class TestTheDatabase:
    def test_what_is_granted_is_used_once(self, cast: Cast) -> None:
        limited(cast)
        grant(cast)
        book(cast, 9)
        second = book(cast, 10)
        use = AllocationUse.objects.get(source_id=second.public_id)
        use.pk, use.source_id, use.ordinal = None, "otherbooking", 9
        with pytest.raises(IntegrityError, match="granted_appointment_is_used_once"):
            use.save()

    @pytest.mark.parametrize("ordinal", [None, 0])
    def test_a_use_says_which_one(self, cast: Cast, ordinal: int | None) -> None:
        given = grant(cast)
        book(cast, 9)
        with pytest.raises(IntegrityError, match="use_of_a_grant_says_which"):
            AllocationUse.objects.update(grant=given, grant_ordinal=ordinal)


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
class TestGrantsAtOnce:
    def test_two_bookings_of_one_grant(self, transactional_db: None) -> None:
        cast = assemble()
        limited(cast)
        grant(cast)
        book(cast, 9)
        outcome = race([partial(book, cast, hour) for hour in (10, 11, 12, 13) * 2])
        assert (len(outcome.done), outcome.broken) == (1, [])
        assert AllocationUse.objects.filter(grant__isnull=False).count() == 1

    def test_cancelling_and_booking(self, transactional_db: None) -> None:
        """At every moment, at most one booking uses the grant, and none is lost."""
        cast = assemble()
        limited(cast)
        grant(cast)
        book(cast, 9)
        second = book(cast, 10)
        cancel = partial(cancel_booking, booking=second, by=cast.student)
        outcome = race([cancel, *(partial(book, cast, hour) for hour in (11, 12, 13))])
        assert outcome.broken == []
        assert Booking.objects.occupying().count() == AllocationUse.objects.count() <= 2
        assert AllocationUse.objects.filter(grant__isnull=False).count() == AllocationUse.objects.count() - 1


def on(today: date, *holds: HoldFact) -> StudentFacts:
    now = at(today, time(12))
    return StudentFacts(1, now, True, False, (), {}, (), (), holds)


CALENDAR = AcademicCalendar(
    semesters=(
        Span("semester:1", "Semester 1", date(2026, 9, 21), date(2027, 2, 1)),
        Span("semester:2", "Semester 2", date(2027, 2, 1), date(2027, 9, 20)),
        Span("semester:3", "Semester 1", date(2027, 9, 20), date(2028, 2, 1)),
    ),
    closures=(Span("closure:1", "Christmas", date(2026, 12, 19), date(2027, 1, 4)),),
)


@pytest.mark.parametrize(
    ("period", "rolling", "today", "last"),
    [
        (Period.WEEK, None, date(2026, 11, 28), date(2026, 12, 4)),
        (Period.MONTH, None, date(2026, 11, 29), date(2026, 12, 28) + timedelta(days=16)),
        (Period.SEMESTER, None, date(2027, 9, 18), date(2028, 5, 5)),
        (Period.ACADEMIC_YEAR, None, date(2027, 7, 30), date(2028, 7, 28)),
        (Period.ROLLING_DAYS, 14, date(2026, 10, 1), date(2026, 10, 14)),
        (Period.ROLLING_DAYS, 7, date(2026, 12, 18), date(2027, 1, 9)),
        (Period.EVER, None, date(2026, 10, 1), FURTHEST),
    ],
)
def test_two_days_before_the_end_of_a_period_it_still_lasts_a_full_one(
    period: str, rolling: int | None, today: date, last: date
) -> None:
    """Days on which the service is closed do not count."""
    assert last_day_of_grant(policy(period, days=rolling), on(today), CALENDAR) == last


def test_days_on_hold_do_not_count() -> None:
    hold = HoldFact("Talk to us.", date(2026, 10, 3), date(2026, 10, 31))
    fortnight = policy(Period.ROLLING_DAYS, days=14)
    assert last_day_of_grant(fortnight, on(date(2026, 10, 1), hold), CALENDAR) == date(2026, 11, 11)
    events = replace(hold, covers=("events",))
    assert last_day_of_grant(fortnight, on(date(2026, 10, 1), events), CALENDAR) == date(2026, 10, 14)


@pytest.mark.parametrize("how", ["by us", "must move", "hold"])
def test_what_we_cancel_gives_the_grant_back_for_a_full_period(cast: Cast, how: str) -> None:
    limited(cast)
    given = grant(cast, days=(cast.day - local_day(database_now())).days)
    book(cast, 9)
    second = book(cast, 10)
    today = local_day(database_now())
    if how == "hold":
        terms = HoldTerms(today, today + timedelta(days=40), "Missed.", "Talk to us.", keeps_bookings=False)
        place_hold(student=cast.student, terms=terms, by=cast.manager)
    else:
        Booking.objects.filter(pk=second.pk).update(move_asked_at=None if how == "by us" else database_now())
        by = cast.manager if how == "by us" else cast.student
        cancel_booking(booking=Booking.objects.get(pk=second.pk), by=by, by_service=how == "by us")
    given.refresh_from_db()
    assert given.expires_on == today + timedelta(days=27 + (41 if how == "hold" else 0))


def test_undoing_our_cancellation_puts_the_last_day_of_the_grant_back(cast: Cast) -> None:
    limited(cast)
    given = grant(cast, days=(cast.day - local_day(database_now())).days)
    book(cast, 9)
    second, before = book(cast, 10), given.expires_on
    cancel_booking(booking=second, by=cast.manager, by_service=True, undo=True)
    given.refresh_from_db()
    assert given.expires_on > before
    undo_cancellation(booking=Booking.objects.get(pk=second.pk), by=cast.manager)
    given.refresh_from_db()
    assert (given.expires_on, used(second)) == (before, given.pk)


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_a_grant_given_back_is_used_once_by_undo_or_by_the_next_booking(transactional_db: None) -> None:
    cast = assemble()
    PolicySetting.objects.create(key="undo_seconds", value=120, effective_from=local_day(database_now()))
    limited(cast)
    given = grant(cast)
    book(cast, 9)
    for hour in (10, 13):
        second = book(cast, hour)
        cancel_booking(booking=second, by=cast.student, undo=True)
        undo = partial(undo_cancellation, booking=second, by=cast.student)
        outcome = race([undo, *(partial(book, cast, hour + more) for more in (1, 2)), undo])
        assert not outcome.broken
        assert AllocationUse.objects.filter(grant=given).count() == 1
        assert Booking.objects.occupying().filter(student=cast.student).count() == 2
        using = AllocationUse.objects.get(grant=given)
        cancel_booking(booking=Booking.objects.get(public_id=using.source_id), by=cast.student)


def test_uses_of_before_are_linked_once(cast: Cast) -> None:
    """The migration: a grant that was used already gives no second appointment."""
    limited(cast)
    first, given = book(cast, 9), grant(cast)
    second = book(cast, 10)
    AllocationUse.objects.update(grant=None, grant_ordinal=None)
    (name,) = [each.name for each in iter_modules(migrations.__path__) if each.name.endswith("grants_and_appeals")]
    migration = import_module(f"eligibility.migrations.{name}")
    migration.link_uses(apps, None)
    assert (used(first), used(second)) == (None, given.pk)
    context = student_context(cast.student.pk)
    assert allocation_balance(cast.policy, context.facts, context.facts.today, context.calendar).left == 0
