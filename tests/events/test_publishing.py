"""Publishing, changing and cancelling an event."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest

from eligibility.models import Group
from events.models import CheckIn, Event, EventReserve, EventSeries, EventState, Registration
from events.operations.check_in import AtTheDoor, check_in
from events.operations.edit_event import (
    change_event,
    create_series,
    set_people,
    set_picture,
    set_questions,
    set_reserves,
)
from events.operations.publish import SessionTimes, publish_event, set_places, set_sessions
from events.operations.still_coming import say_still_coming
from events.operations.write_to_registered import write_to_registered
from foundation.outcomes.refusals import Refused
from foundation.outcomes.versions import CHANGED
from messaging.models import OutboxMessage
from places.models import PlaceUse
from tests.cast import Cast
from tests.events.factories import an_event, registered
from tests.events.test_attendance import now_on

pytestmark = pytest.mark.django_db


def test_an_event_is_published_when_people_can_find_it(cast: Cast) -> None:
    draft = an_event(state=EventState.DRAFT)
    draft.sessions.update(venue="")
    with pytest.raises(Refused) as caught:
        publish_event(event=draft, by=cast.adviser)
    assert caught.value.code == "event_incomplete"
    draft.sessions.update(venue="1 Example Street")
    with pytest.raises(Refused) as caught:
        publish_event(event=draft, by=cast.front_desk)
    assert caught.value.code == "not_yours"
    assert publish_event(event=draft, by=cast.adviser).is_published


def test_a_place_with_two_events_at_once_is_refused_by_the_database(cast: Cast) -> None:
    first, second = an_event(), an_event()
    times = SessionTimes(first.starts_at, first.ends_at, cast.room, public_id=first.sessions.get().public_id)
    set_sessions(event=first, sessions=[times], by=cast.adviser)
    there = SessionTimes(
        first.starts_at + timedelta(minutes=30), first.ends_at + timedelta(minutes=30), cast.room,
        public_id=second.sessions.get().public_id,
    )  # fmt: skip
    with pytest.raises(Refused) as caught:
        set_sessions(event=second, sessions=[there], by=cast.adviser)
    assert caught.value.code == "place_taken"
    after = SessionTimes(first.ends_at, first.ends_at + timedelta(hours=1), cast.room)
    set_sessions(event=second, sessions=[after], by=cast.adviser)


def test_a_change_tells_everybody_and_asks_whether_they_still_come(cast: Cast) -> None:
    event = an_event()
    registration = registered(event, cast.student)
    later = SessionTimes(
        event.starts_at + timedelta(days=1), event.ends_at + timedelta(days=1), venue="1 Example Street",
        public_id=event.sessions.get().public_id,
    )  # fmt: skip
    set_sessions(event=event, sessions=[later], by=cast.adviser)
    registration.refresh_from_db()
    assert registration.asked_again_at is not None
    queued = OutboxMessage.objects.filter(regarding=registration.public_id, state="queued")
    assert sorted(queued.values_list("kind", flat=True)) == [
        "events.changed",
        "events.reminder",
        "events.reminder_text",
    ]
    say_still_coming(registration=registration, by=cast.student)
    assert Registration.objects.get().still_coming_at is not None
    set_sessions(event=event, sessions=[later], by=cast.adviser)
    assert queued.filter(kind="events.changed").count() == 1


def test_sessions_that_swap_their_times_never_overlap_on_the_way(cast: Cast) -> None:
    event = an_event()
    one = event.sessions.get()
    hour = timedelta(hours=1)
    two = SessionTimes(event.ends_at, event.ends_at + hour, venue="Two")
    first_of_two = SessionTimes(one.starts_at, one.ends_at, venue="One", public_id=one.public_id)
    set_sessions(event=event, sessions=[first_of_two, two], by=cast.adviser)
    first, second = event.sessions.all()
    swapped = [
        SessionTimes(first.starts_at, first.ends_at, venue="Two", public_id=second.public_id),
        SessionTimes(second.starts_at, second.ends_at, venue="One", public_id=first.public_id),
    ]
    set_sessions(event=event, sessions=swapped, by=cast.adviser)
    assert [each.public_id for each in event.sessions.all()] == [second.public_id, first.public_id]


def test_a_session_that_people_came_to_keeps_its_start(cast: Cast) -> None:
    event = now_on()
    session, hour = event.sessions.get(), timedelta(hours=1)
    check_in(registration=registered(event, cast.student), session=session, door=AtTheDoor("code", by=cast.front_desk))
    same = {"starts_at": session.starts_at, "venue": "2 Example Street", "public_id": session.public_id}
    moved = SessionTimes(session.starts_at + hour, session.ends_at + hour, public_id=session.public_id)
    other = SessionTimes(session.ends_at + hour, session.ends_at + hour * 2, venue="1 Example Street")
    for wanted in (moved, other):
        with pytest.raises(Refused) as caught:
            set_sessions(event=event, sessions=[wanted], by=cast.adviser)
        assert caught.value.code == "session_attended"
    set_sessions(event=event, sessions=[SessionTimes(**same, ends_at=session.ends_at + hour), other], by=cast.adviser)
    assert CheckIn.objects.get().session.ends_at == session.ends_at + hour
    assert event.sessions.count() == 2


def changes(event: Event, cast: Cast) -> dict[str, Callable[[], object]]:
    """Everything that staff can change about an event."""
    times, by = SessionTimes(event.starts_at, event.ends_at, cast.room), cast.adviser
    return {
        "text": lambda: change_event(event=event, by=by),
        "times": lambda: set_sessions(event=event, sessions=[times], by=by),
        "places": lambda: set_places(event=event, in_person=9, online=None, by=by),
        "people": lambda: set_people(event=event, organisers=[], employers=[], by=by),
        "questions": lambda: set_questions(event=event, questions=[], by=by),
        "reserves": lambda: set_reserves(event=event, reserves=[], by=by),
        "picture": lambda: set_picture(event=event, upload=b"", alt="", by=by),
        "series": lambda: create_series(
            event=event, title="Talks", days=[event.local_date + timedelta(days=7)], starts=time(9), by=by
        ),
        "message": lambda: write_to_registered(event=event, text="Hello", by=by),
    }


CHANGES = ["text", "times", "places", "people", "questions", "reserves", "picture", "series"]


@pytest.mark.parametrize("what", [*CHANGES, "message"])
def test_a_cancelled_event_does_not_change_and_takes_no_place(cast: Cast, what: str) -> None:
    event = an_event(state=EventState.CANCELLED, told_reason="The speaker is ill.")
    with pytest.raises(Refused) as caught:
        changes(event, cast)[what]()
    assert caught.value.code == "event_cancelled"
    assert not PlaceUse.objects.exists()
    changes(an_event(), cast)[what]()


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_from_a_page_that_is_out_of_date_is_refused(cast: Cast, what: str) -> None:
    event = an_event()
    event.seen_versions = ["of another page"]
    with pytest.raises(Refused) as caught:
        changes(event, cast)[what]()
    assert caught.value.code == CHANGED


def test_the_places_of_groups_fit_into_the_places_of_each_way(cast: Cast) -> None:
    event, by = an_event(places=5, online=8), cast.adviser
    ours, others = (Group.objects.create(slug=slug, name=slug) for slug in ("ours", "others"))
    wanted = [EventReserve(group=ours, mode=mode, places=many) for mode, many in (("in_person", 3), ("online", 6))]
    set_reserves(event=event, reserves=[*wanted, EventReserve(group=others, mode="online", places=1)], by=by)
    with pytest.raises(Refused) as caught:
        set_places(event=event, in_person=2, online=8, by=by)
    assert (caught.value.code, caught.value.field) == ("places_kept", "in_person")
    set_reserves(event=event, reserves=wanted[1:], by=by)
    assert [(each.mode, each.places) for each in event.reserves.all()] == [("online", 6)]


def test_a_series_has_a_day_and_at_most_sixty_weeks(cast: Cast) -> None:
    event = an_event()
    with pytest.raises(Refused) as caught:
        create_series(event=event, title="Talks", days=[], starts=time(9), by=cast.adviser)
    assert (caught.value.code, EventSeries.objects.count()) == ("series_empty", 0)
