"""Holds: decided by a manager; what the student is told, what they cover and leave open, and how they end (ELIG-3)."""

from datetime import date, timedelta

import pytest

from accounts.models import User
from appointments.models import BookingStatus
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from eligibility.models import AllocationUse, Hold, StrikeReview
from eligibility.operations.close_review import close_review
from eligibility.operations.holds import HoldTerms, lift_hold, place_hold
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now, local_day
from messaging.models import DeliveryState, OutboxMessage
from messaging.operations.deliver import deliver_message
from messaging.rules.kinds import kind_named
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.policy("ELIG-3")]


def today() -> date:
    return local_day(database_now())


def terms(days: int = 28, after: int = 0, **more: object) -> HoldTerms:
    first = today() + timedelta(days=after)
    last = first + timedelta(days=days - 1)
    return HoldTerms(first, last, "Three missed.", "Please talk with us first.", **more)


def put_on_hold(cast: Cast, student: User | None = None, **more: object) -> Hold:
    return place_hold(student=student or cast.student, terms=terms(**more), by=cast.manager)


def book(cast: Cast) -> object:
    return book_appointment(student=cast.student, choice=cast.choice(), details=Details(), by=cast.student)


def test_nothing_can_be_booked_and_the_reason_is_the_managers_words(cast: Cast) -> None:
    hold = put_on_hold(cast)
    with pytest.raises(Refused) as refused:
        book(cast)
    assert refused.value.code == "on_hold"
    assert hold.message in refused.value.message
    lift_hold(hold=hold, because="We talked.", by=cast.manager)
    assert book(cast)


def test_a_type_that_stays_open_on_hold_can_be_booked(cast: Cast) -> None:
    put_on_hold(cast)
    cast.type.open_on_hold = True
    cast.type.save()
    assert book(cast)


def test_a_hold_on_events_leaves_appointments_open(cast: Cast) -> None:
    put_on_hold(cast, covers=("events",))
    assert book(cast)


@pytest.mark.parametrize("keeps", [True, False])
def test_bookings_ahead_are_kept_or_cancelled_as_was_chosen(cast: Cast, keeps: bool) -> None:
    booking = book(cast)
    put_on_hold(cast, keeps_bookings=keeps)
    booking.refresh_from_db()
    expected = BookingStatus.BOOKED if keeps else BookingStatus.CANCELLED_BY_SERVICE
    assert booking.status == expected
    assert AllocationUse.objects.filter(student=cast.student).exists() == keeps
    assert OutboxMessage.objects.filter(kind="appointments.cancelled").exists() != keeps


def test_what_stays_open_on_hold_is_never_cancelled(cast: Cast) -> None:
    booking = book(cast)
    cast.type.open_on_hold = True
    cast.type.save()
    put_on_hold(cast, keeps_bookings=False)
    booking.refresh_from_db()
    assert booking.status == BookingStatus.BOOKED


@pytest.mark.parametrize("who", ["student", "adviser", "front_desk", "administrator", "outsider"])
def test_only_a_manager_decides_and_lifts(cast: Cast, who: str) -> None:
    with pytest.raises(Refused) as refused:
        place_hold(student=cast.student, terms=terms(), by=getattr(cast, who))
    assert refused.value.status == 403
    hold = put_on_hold(cast)
    with pytest.raises(Refused):
        lift_hold(hold=hold, because="Please.", by=getattr(cast, who))
    assert Hold.objects.in_force(today()).count() == 1


@pytest.mark.parametrize(
    ("days", "after", "code"), [(0, 0, "hold_dates"), (5, -1, "hold_in_the_past"), (181, 0, "hold_too_long")]
)
def test_impossible_dates_are_refused(cast: Cast, days: int, after: int, code: str) -> None:
    with pytest.raises(Refused) as refused:
        put_on_hold(cast, days=days, after=after)
    assert refused.value.code == code
    assert not Hold.objects.exists()


def test_one_hold_at_a_time(cast: Cast) -> None:
    put_on_hold(cast)
    with pytest.raises(Refused) as refused:
        put_on_hold(cast, after=3)
    assert refused.value.code == "held_already"


def test_a_hold_closes_its_review_and_is_refused_for_a_closed_one(cast: Cast) -> None:
    review = StrikeReview.objects.create(
        student=cast.student, rule="appointment", step="hold", strikes=3, opened_at=database_now()
    )
    hold = place_hold(student=cast.student, terms=terms(), by=cast.manager, review=review)
    review.refresh_from_db()
    assert (review.outcome, review.hold, review.closed_by) == ("held", hold, cast.manager)
    lift_hold(hold=hold, because="We talked.", by=cast.manager)
    with pytest.raises(Refused) as refused:
        place_hold(student=cast.student, terms=terms(), by=cast.manager, review=review)
    assert refused.value.code == "review_closed"
    assert Hold.objects.count() == 1


def test_the_student_is_told_what_until_when_what_stays_open_and_how_to_appeal(cast: Cast) -> None:
    hold = put_on_hold(cast)
    message = OutboxMessage.objects.get(kind="eligibility.hold_placed")
    deliver_message(message.public_id)
    message.refresh_from_db()
    for words in ("Please talk with us first.", hold.last_words, "use our website", "You can appeal"):
        assert words in message.body_text
    assert "stay open" not in message.body_text
    Hold.objects.update(stays_open=["desk"])
    assert "stay open" in kind_named("eligibility.hold_placed").compose(message).text
    assert "Three missed." not in message.body_text


def test_lifting_withdraws_an_unsent_message_and_cannot_be_repeated(cast: Cast) -> None:
    hold = put_on_hold(cast)
    lift_hold(hold=hold, because="A mistake.", by=cast.manager)
    message = OutboxMessage.objects.get(kind="eligibility.hold_placed")
    deliver_message(message.public_id)
    message.refresh_from_db()
    assert message.state == DeliveryState.CANCELLED
    with pytest.raises(Refused) as refused:
        lift_hold(hold=hold, because="Again.", by=cast.manager)
    assert refused.value.code == "hold_over"


@pytest.mark.parametrize("who", ["student", "adviser", "front_desk", "administrator"])
def test_only_a_manager_closes_a_review(cast: Cast, who: str) -> None:
    review = StrikeReview.objects.create(
        student=cast.student, rule="appointment", step="hold", strikes=3, opened_at=database_now()
    )
    with pytest.raises(Refused) as refused:
        close_review(review=review, outcome="contacted", words="We talked.", by=getattr(cast, who))
    assert refused.value.status == 403
    assert StrikeReview.objects.open().exists()
