"""Places under fire: real threads, real locks. `make bench` fires more of them."""

from functools import partial
from itertools import cycle

import pytest

from accounts.models import User
from eligibility.models import WaitingEntry
from events.models import CheckIn, Event, Registration
from events.operations.cancel_registration import cancel_registration
from events.operations.check_in import AtTheDoor, check_in
from events.operations.publish import cancel_event, set_places
from events.operations.register import register
from events.operations.waiting import accept_offer, join_waiting_list, sweep_waiting_lists
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now
from tests.appointments.racing import race
from tests.cast import Cast, assemble
from tests.events.factories import an_event, registered
from tests.factories import StudentFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]

CLIENTS = 24


@pytest.fixture
def racers(transactional_db: None) -> Cast:
    return assemble()


def comes(event: Event, student: User) -> object:
    """Registers, waits if the event is full, registers after all if a place is free by then: what a student does."""
    steps = cycle((register, join_waiting_list))
    while True:
        try:
            return next(steps)(event=event, student=student, mode="in_person", by=student)
        except Refused as refused:
            if refused.code not in ("event_full", "places_free"):
                raise


def places(event: Event) -> list[int]:
    rows = Registration.objects.filter(event=event, status="registered")
    return sorted(rows.values_list("seat", flat=True))


def numbers(event: Event) -> list[int]:
    return list(WaitingEntry.objects.of(event.source).order_by("number").values_list("number", flat=True))


@pytest.mark.policy("SEC-2")
def test_exactly_as_many_as_there_are_places_and_the_rest_in_line_without_gaps(racers: Cast) -> None:
    event = an_event(places=7)
    outcome = race([partial(comes, event, StudentFactory()) for _ in range(CLIENTS)])
    assert not outcome.broken
    assert not outcome.refused
    assert places(event) == list(range(1, 8))
    assert numbers(event) == list(range(1, CLIENTS - 6))


def test_cancelling_against_registering_never_overfills(racers: Cast) -> None:
    event = an_event(places=6)
    taken = [registered(event, StudentFactory()) for _ in range(6)]
    cancels = [partial(cancel_registration, registration=each, by=each.student) for each in taken]
    comings = [partial(comes, event, StudentFactory()) for _ in range(CLIENTS - 6)]
    outcome = race([*cancels, *comings])
    assert not outcome.broken
    sweep_waiting_lists()
    offered = WaitingEntry.objects.of(event.source).offered().count()
    assert len(places(event)) + offered == 6
    assert numbers(event) == list(range(1, len(numbers(event)) + 1))


def test_accepting_against_the_sweep_that_lets_offers_lapse(racers: Cast) -> None:
    event = an_event(places=3)
    taken = [registered(event, StudentFactory()) for _ in range(3)]
    entries = [join_waiting_list(event=event, student=who, mode="in_person", by=who) for who in _students(8)]
    for each in taken:
        cancel_registration(registration=each, by=each.student)
    now = database_now()
    WaitingEntry.objects.offered().filter(number=1).update(offered_at="2026-01-01T00:00Z", offer_ends_at=now)
    accepts = [partial(accept_offer, entry=each, by=each.student) for each in entries[:3]]
    outcome = race([*accepts, *[sweep_waiting_lists] * 6])
    assert not outcome.broken
    assert outcome.codes == {"offer_over"}
    assert len(places(event)) + WaitingEntry.objects.of(event.source).offered().count() == 3


def test_raising_the_places_against_cancelling(racers: Cast) -> None:
    event = an_event(places=4)
    taken = [registered(event, StudentFactory()) for _ in range(4)]
    for who in _students(8):
        join_waiting_list(event=event, student=who, mode="in_person", by=who)
    raising = partial(set_places, event=event, in_person=6, online=None, by=racers.adviser)
    outcome = race([raising, *[partial(cancel_registration, registration=each, by=each.student) for each in taken[:2]]])
    assert not outcome.broken
    assert not outcome.refused
    assert len(places(event)) + WaitingEntry.objects.of(event.source).offered().count() == 6


def test_registering_against_cancelling_the_event(racers: Cast) -> None:
    event = an_event(places=30)
    comings = [partial(comes, event, who) for who in _students(CLIENTS - 1)]
    outcome = race([*comings, partial(cancel_event, event=event, reason="Ill", by=racers.adviser)])
    assert not outcome.broken
    assert outcome.codes <= {"event_cancelled"}
    assert places(event) == []


def test_two_doors_scan_one_code(racers: Cast) -> None:
    event = an_event(starts=database_now())
    Event.objects.filter(pk=event.pk).update(registration_closes_at=event.ends_at)
    event.refresh_from_db()
    registration, session = registered(event, racers.student), event.sessions.get()
    door = AtTheDoor("code", by=racers.front_desk)
    outcome = race([partial(check_in, registration=registration, session=session, door=door) for _ in range(CLIENTS)])
    assert not outcome.broken
    assert not outcome.refused
    assert [each.is_new for each in outcome.done].count(True) == 1  # type: ignore[attr-defined]
    assert CheckIn.objects.count() == 1


def _students(count: int) -> list[User]:
    return [StudentFactory() for _ in range(count)]
