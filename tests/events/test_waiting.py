"""The waiting list: in order, offered one by one, never registered unasked (SEC-2)."""

from datetime import date, datetime, time, timedelta

import pytest

from accounts.models import PolicySetting
from accounts.rules.policy import Policy
from eligibility.models import WaitingEntry
from eligibility.rules.waiting import after_hours_awake, offer_ends_at
from events.models import Event, Registration
from events.operations.cancel_registration import cancel_registration
from events.operations.publish import cancel_event, set_places
from events.operations.waiting import accept_offer, join_waiting_list, leave_waiting_list, sweep_waiting_lists
from foundation.outcomes.refusals import Refused
from foundation.values.times import at, database_now, local
from messaging.models import OutboxMessage
from tests.cast import Cast
from tests.events.factories import an_event, registered
from tests.factories import StudentFactory

DB = pytest.mark.django_db


def waits(event: Event, student: object = None) -> WaitingEntry:
    who = student or StudentFactory()
    return join_waiting_list(event=event, student=who, mode="in_person", by=who)  # type: ignore[arg-type]


def states(event: Event) -> list[str]:
    return list(WaitingEntry.objects.of(event.source).order_by("number").values_list("state", flat=True))


def full(places: int = 1) -> tuple[Event, list[Registration]]:
    event = an_event(places=places)
    return event, [registered(event, StudentFactory()) for _ in range(places)]


@DB
def test_a_freed_place_is_offered_to_the_next_and_kept(cast: Cast) -> None:
    event, [taken] = full()
    first, second = waits(event), waits(event)
    assert [first.number, second.number] == [1, 2]
    cancel_registration(registration=taken, by=taken.student)
    assert states(event) == ["offered", "waiting"]
    assert not Registration.objects.filter(event=event, student=first.student, status="registered").exists()
    with pytest.raises(Refused) as caught:
        registered(event, cast.student)
    assert caught.value.code == "event_full"
    with pytest.raises(Refused) as caught:
        accept_offer(entry=second, by=second.student)
    assert caught.value.code == "offer_over"
    registration = accept_offer(entry=first, by=first.student)
    assert (registration.seat, states(event)) == (1, ["accepted", "waiting"])


@DB
def test_an_offer_passed_or_lapsed_goes_on(cast: Cast) -> None:
    event, [taken] = full()
    first, second, third = waits(event), waits(event), waits(event)
    cancel_registration(registration=taken, by=taken.student)
    leave_waiting_list(entry=first, by=first.student)
    assert states(event) == ["passed", "offered", "waiting"]
    now = database_now()
    WaitingEntry.objects.filter(pk=second.pk).update(
        offered_at=now - timedelta(hours=13), offer_ends_at=now - timedelta(hours=1)
    )
    with pytest.raises(Refused) as caught:
        accept_offer(entry=second, by=second.student)
    assert caught.value.code == "offer_over"
    sweep_waiting_lists()
    sweep_waiting_lists()
    assert states(event) == ["passed", "lapsed", "offered"]
    assert OutboxMessage.objects.filter(kind="events.lapsed").count() == 1
    assert OutboxMessage.objects.filter(kind="events.offered", state="queued").count() == 1
    assert accept_offer(entry=third, by=third.student)


@DB
def test_leaving_at_any_time_and_joining_again_at_the_end(cast: Cast) -> None:
    event, _ = full()
    first = waits(event, cast.student)
    waits(event)
    leave_waiting_list(entry=first, by=cast.student)
    assert waits(event, cast.student).number == 3
    with pytest.raises(Refused) as caught:
        waits(event, cast.student)
    assert caught.value.code == "waiting_already"


@DB
def test_raising_the_places_offers_several_at_once(cast: Cast) -> None:
    event, _ = full(2)
    for _ in range(4):
        waits(event)
    set_places(event=event, in_person=5, online=None, by=cast.adviser)
    assert states(event) == ["offered"] * 3 + ["waiting"]
    with pytest.raises(Refused) as caught:
        set_places(event=event, in_person=4, online=None, by=cast.adviser)
    assert caught.value.code == "places_in_use"


@DB
def test_whoever_may_not_attend_now_is_skipped_and_keeps_the_number(cast: Cast) -> None:
    event, [taken] = full()
    first, second = waits(event), waits(event)
    first.student.is_active = False
    first.student.save(update_fields=["is_active"])
    cancel_registration(registration=taken, by=taken.student)
    assert states(event) == ["waiting", "offered"]
    first.refresh_from_db()
    assert first.skipped_at is not None
    assert accept_offer(entry=second, by=second.student)


@DB
def test_a_free_place_is_no_reason_to_wait(cast: Cast) -> None:
    with pytest.raises(Refused) as caught:
        waits(an_event(), cast.student)
    assert caught.value.code == "places_free"


@DB
def test_cancelling_the_event_closes_the_list_and_tells_everybody(cast: Cast) -> None:
    event, [taken] = full()
    waits(event)
    cancel_event(event=event, reason="The speaker is ill.", by=cast.adviser)
    assert states(event) == ["closed"]
    taken.refresh_from_db()
    assert taken.status == "cancelled_by_service"
    kinds = OutboxMessage.objects.filter(state="queued").values_list("kind", flat=True)
    assert sorted(kinds) == ["events.called_off", "events.list_closed"]


POLICY = Policy()


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        pytest.param(at(date(2026, 12, 1), time(9)), "2026-12-01 21:00", id="twelve hours by day"),
        pytest.param(at(date(2026, 12, 1), time(15)), "2026-12-02 13:00", id="over a night"),
        pytest.param(at(date(2026, 12, 1), time(23)), "2026-12-02 20:00", id="made at night"),
        pytest.param(at(date(2026, 12, 1), time(3)), "2026-12-01 20:00", id="made before morning"),
        pytest.param(at(date(2026, 10, 24), time(20)), "2026-10-25 18:00", id="clocks go back at night"),
        pytest.param(at(date(2027, 3, 27), time(20)), "2027-03-28 18:00", id="clocks go forward at night"),
    ],
)
def test_nights_are_not_counted(now: datetime, ends: str) -> None:
    moment = after_hours_awake(now, timedelta(hours=12), POLICY)
    assert f"{local(moment):%Y-%m-%d %H:%M}" == ends


def test_offers_are_shorter_near_the_start_and_end_when_registration_closes() -> None:
    now = at(date(2026, 12, 1), time(10))
    near, far = now + timedelta(hours=20), now + timedelta(days=20)
    assert offer_ends_at(now, far, far, POLICY) == now + timedelta(hours=12)
    assert offer_ends_at(now, near, near, POLICY) == now + timedelta(hours=2)
    closes = now + timedelta(minutes=30)
    assert offer_ends_at(now, near, closes, POLICY) == closes
    assert offer_ends_at(now, near, now, POLICY) is None


@DB
def test_every_number_of_the_offer_is_a_setting(cast: Cast) -> None:
    PolicySetting.objects.create(
        key="waiting_offer_hours", value=3, effective_from=database_now().date(), set_by=cast.administrator
    )
    PolicySetting.objects.create(
        key="night_ends_hour", value=22, effective_from=database_now().date(), set_by=cast.administrator
    )
    event, [taken] = full()
    entry = waits(event)
    cancel_registration(registration=taken, by=taken.student)
    entry.refresh_from_db()
    assert entry.offer_ends_at
    assert entry.offered_at
    assert entry.offer_ends_at - entry.offered_at == timedelta(hours=3)


@DB
def test_nobody_waits_for_a_way_that_does_not_exist(cast: Cast) -> None:
    event, _ = full()
    with pytest.raises(Refused) as refused:
        join_waiting_list(event=event, student=cast.student, mode="-2026-01-01", by=cast.student)
    assert refused.value.code == "way_not_offered"
