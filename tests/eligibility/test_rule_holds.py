"""Holds that a miss rule places and lifts by itself, and what they leave open (ELIG-3)."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import AuditEntry
from appointments.models import Booking
from appointments.operations.attendance import mark_attendance, reverse_attendance, undo_mark
from appointments.operations.book import count_use
from appointments.rules.booking import may_book_on
from eligibility.models import UNTIL_LIFTED, Hold, Strike, StrikeReview
from eligibility.operations.strikes import excuse_strike, record_absence
from eligibility.selectors.student_facts import student_context
from foundation.values.times import database_now, local_day
from messaging.models import DeliveryState, OutboxMessage
from messaging.operations.deliver import deliver_due
from messaging.rules.kinds import kind_named
from portal.selectors.absences import reviews_to_decide
from tests.cast import Cast
from tests.clock import stop_database_clock
from tests.factories import AppointmentTypeFactory, miss_rules, stored_booking

pytestmark = [pytest.mark.django_db, pytest.mark.policy("ELIG-3")]


def by_itself(at: int = 2, **hold: Any) -> dict[str, Any]:
    hold = {"days": 14, "by_itself": True} | hold
    steps = [{"at": 1, "message": True}, {"at": at, "message": True, "hold": hold}]
    return {"slug": "strict", "per": "ever", "wait_hours": 0, "steps": steps}


def missed(cast: Cast, days_ago: int, undo: bool = False) -> Booking:
    starts_at = database_now() - timedelta(days=days_ago, minutes=15)
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, starts_at)
    count_use(booking, cast.type, cast.student, student_context(cast.student.pk))
    return mark_attendance(booking=booking, outcome="missed", by=cast.adviser, undo=undo)


def told(kind: str) -> list[str]:
    return list(OutboxMessage.objects.filter(kind=kind).values_list("state", flat=True))


def test_it_is_placed_at_its_number_told_and_lifted_when_a_miss_is_excused(cast: Cast) -> None:
    AppointmentTypeFactory(slug="desk", audience=cast.type.audience)
    miss_rules(by_itself(stays_open=["desk"], message="Two missed."))
    missed(cast, 30)
    assert not Hold.objects.exists()
    second = missed(cast, 1)
    hold, today = Hold.objects.get(), local_day(database_now())
    assert (hold.during.lower, hold.during.upper) == (today, today + timedelta(days=14))
    assert (hold.decided_by, hold.rule, hold.message, hold.stays_open) == (None, "strict", "Two missed.", ["desk"])
    assert not StrikeReview.objects.exists()
    assert AuditEntry.objects.filter(action="hold_placed_by_rule", student=cast.student).exists()
    assert (
        "Two missed."
        in kind_named("eligibility.hold_placed").compose(OutboxMessage.objects.get(kind="eligibility.hold_placed")).text
    )
    context = student_context(cast.student.pk)
    type_of = {type.slug: type for type in type(cast.type).objects.with_rules()}
    assert may_book_on(type_of[cast.type.slug], context, today).code == "on_hold"
    assert may_book_on(type_of["desk"], context, today)
    missed(cast, 0)
    assert Hold.objects.count() == 1
    deliver_due()
    excuse_strike(strike=Strike.objects.get(source_id=second.public_id), because="In hospital.", by=cast.manager)
    assert Hold.objects.get().lifted_at is None, "two still count"
    excuse_strike(strike=Strike.objects.counting()[0], because="In hospital.", by=cast.manager)
    hold = Hold.objects.get()
    assert (hold.lifted_by, hold.lifted_at is not None) == (None, True)
    assert len(told("eligibility.hold_lifted")) == 1


def test_a_mark_undone_at_once_tells_the_student_nothing(cast: Cast) -> None:
    miss_rules(
        by_itself(at=1) | {"steps": [{"at": 1, "message": True, "hold": {"until": "lifted", "by_itself": True}}]}
    )
    booking = missed(cast, 1, undo=True)
    assert Hold.objects.get().during.upper == UNTIL_LIFTED
    assert deliver_due() == 0
    undo_mark(booking=booking, by=cast.adviser)
    assert Hold.objects.get().lifted_at
    assert told("eligibility.hold_placed") == [DeliveryState.CANCELLED]
    assert told("eligibility.hold_lifted") == []


def test_it_lasts_until_its_end_although_its_misses_have_grown_old(cast: Cast) -> None:
    """It is lifted only when a miss behind it is excused or undone."""
    miss_rules(by_itself(at=2, days=60) | {"per": {"days": 30}})
    first = missed(cast, 20)
    missed(cast, 1)
    stop_database_clock(database_now() + timedelta(days=40))
    late = record_absence(
        student=cast.student, kind="event", about="Fair", on=local_day(database_now()), by=cast.manager
    )
    excuse_strike(strike=late, because="Ill.", by=cast.manager)
    assert Hold.objects.get().lifted_at is None
    excuse_strike(strike=Strike.objects.get(source_id=first.public_id), because="Ill.", by=cast.manager)
    assert Hold.objects.get().lifted_at


def test_a_proposed_hold_disappears_when_its_misses_no_longer_count(cast: Cast) -> None:
    steps = [{"at": 2, "hold": {"days": 14}}]
    miss_rules({"slug": "lenient", "per": {"days": 30}, "steps": steps})
    missed(cast, 20)
    missed(cast, 2)
    (waiting,) = reviews_to_decide(cast.manager)
    assert (waiting.miss_count.count, waiting.miss_count.proposes_hold) == (2, True)
    stop_database_clock(database_now() + timedelta(days=10))
    assert reviews_to_decide(cast.manager) == []
    assert not Hold.objects.exists()


@pytest.mark.policy("ELIG-1")
def test_misses_shorten_how_far_ahead_a_student_can_book(cast: Cast) -> None:
    miss_rules({"slug": "short", "per": "ever", "steps": [{"at": 1, "horizon_days": 2}]})
    (type_,) = type(cast.type).objects.with_rules()
    today = local_day(database_now())

    def code(days: int) -> str:
        return may_book_on(type_, student_context(cast.student.pk), today + timedelta(days=days)).code

    assert (code(2), code(3)) == ("allowed", "allowed")
    booking = missed(cast, 1)
    assert (code(2), code(3)) == ("allowed", "short_horizon")
    reverse_attendance(booking=booking, reason="A mistake", by=cast.adviser)
    assert code(3) == "allowed"
