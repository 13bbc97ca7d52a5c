"""The door and what follows: check-in, what attending opens, misses (ELIG-1, ELIG-2, ELIG-3)."""

from datetime import timedelta

import pytest
from psycopg2.extras import DateTimeTZRange

from eligibility.models import ActivityKind, ActivityResult, AllocationUse, Strike
from events.models import Event, Registration
from events.operations.attendance import Marked, close_attendance, reopen_attendance
from events.operations.check_in import AtTheDoor, check_in, undo_check_in, walk_in
from events.operations.register import RegistrationOverride
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now
from tests.cast import Cast
from tests.events.factories import an_event, registered
from tests.factories import AllocationPolicyFactory, AudienceFactory, StudentFactory, activity

pytestmark = pytest.mark.django_db


def now_on(places: int = 3, **more: object) -> Event:
    """An event that started five minutes ago; people can still register."""
    starts = database_now() - timedelta(minutes=5)
    event = an_event(starts=starts, places=places, **more)  # type: ignore[arg-type]
    event.registration_closes_at = event.ends_at
    event.save()
    return event


def door(cast: Cast, how: str = "code") -> AtTheDoor:
    return AtTheDoor(how, by=cast.front_desk)


@pytest.mark.policy("ELIG-1")
def test_attending_counts_at_once_and_undoing_takes_it_back(cast: Cast) -> None:
    sessions = activity("employer-sessions", ActivityKind.ATTENDANCE)
    event = now_on(counts_as=sessions)
    registration = registered(event, cast.student)
    ActivityResult.objects.create(student=cast.student, activity=sessions, count=2)
    for again in (True, False):
        assert check_in(registration=registration, session=event.sessions.get(), door=door(cast)).is_new is again
    assert ActivityResult.objects.get().count == 3
    undo_check_in(registration=registration, session=event.sessions.get(), by=cast.front_desk)
    undo_check_in(registration=registration, session=event.sessions.get(), by=cast.front_desk)
    assert ActivityResult.objects.get().count == 2


def test_who_is_checked_in(cast: Cast) -> None:
    ahead = an_event()
    with pytest.raises(Refused) as caught:
        check_in(registration=registered(ahead, cast.student), session=ahead.sessions.get(), door=door(cast))
    assert caught.value.code == "too_early"
    event = now_on()
    registration = registered(event, cast.other_student)
    Registration.objects.filter(pk=registration.pk).update(status="cancelled", ended_at=database_now())
    with pytest.raises(Refused) as caught:
        check_in(registration=registration, session=event.sessions.get(), door=door(cast))
    assert caught.value.code == "registration_cancelled"


def test_late_is_said(cast: Cast) -> None:
    event = now_on()
    event.type.late_after_minutes = 4
    event.type.save()
    registration = registered(event, cast.student)
    check_in(registration=registration, session=event.sessions.get(), door=door(cast))
    registration.refresh_from_db()
    assert registration.is_late


@pytest.mark.policy("SEC-2", "ELIG-1")
def test_walking_in_takes_a_free_place_and_asks_the_rules(cast: Cast) -> None:
    nobody = AudienceFactory(rule={"course": {"level": ["postgraduate_research"]}})
    event = now_on(places=1, audience=nobody)
    given = {"event": event, "session": event.sessions.get(), "student": cast.student, "mode": "in_person"}
    with pytest.raises(Refused) as caught:
        walk_in(**given, door=door(cast, "walk_in"))  # type: ignore[arg-type]
    assert caught.value.code == "not_eligible"
    assert walk_in(**given, door=door(cast, "walk_in"), override=RegistrationOverride("A guest")).is_new  # type: ignore[arg-type]
    assert not walk_in(**given, door=door(cast, "walk_in")).is_new  # type: ignore[arg-type]
    with pytest.raises(Refused) as caught:
        walk_in(**{**given, "student": cast.other_student}, door=door(cast), override=RegistrationOverride("Too"))  # type: ignore[arg-type]
    assert caught.value.code == "event_full"
    with pytest.raises(Refused) as caught:
        walk_in(**given, door=AtTheDoor("self"))  # type: ignore[arg-type]
    assert caught.value.code == "not_yours"


@pytest.mark.policy("ELIG-2", "ELIG-3")
@pytest.mark.parametrize(("employer_led", "kind"), [(True, "event"), (False, "other")])
def test_misses_are_confirmed_by_a_person_and_counted_by_their_kind(cast: Cast, employer_led: bool, kind: str) -> None:
    event = now_on(is_employer_led=employer_led)
    came, missed, excused = (registered(event, who) for who in (cast.student, cast.other_student, StudentFactory()))
    check_in(registration=came, session=event.sessions.get(), door=door(cast))
    with pytest.raises(Refused) as caught:
        close_attendance(event=event, marked=Marked(missed=[missed.public_id]), by=cast.adviser)
    assert caught.value.code == "too_early"
    _end(event)
    close_attendance(event=event, marked=Marked(missed=[missed.public_id]), by=cast.adviser)
    outcomes = {each.pk: each.status for each in Registration.objects.all()}
    assert [outcomes[each.pk] for each in (came, missed, excused)] == ["attended", "missed", "cancelled_by_service"]
    assert [(each.student, each.kind) for each in Strike.objects.all()] == [(cast.other_student, kind)]
    reopen_attendance(event=event, reason="One more came.", by=cast.adviser)
    assert not Strike.objects.exists()
    assert Registration.objects.get(pk=missed.pk).status == "registered"


def test_who_came_without_a_check_in_is_marked_afterwards(cast: Cast) -> None:
    sessions = activity("employer-sessions", ActivityKind.ATTENDANCE)
    event = now_on(counts_as=sessions)
    event.type.late_after_minutes = 1
    event.type.save()
    registration = registered(event, cast.student)
    _end(event)
    close_attendance(event=event, marked=Marked(came=[registration.public_id]), by=cast.adviser)
    registration.refresh_from_db()
    check = registration.check_ins.get()
    assert (registration.status, registration.is_late) == ("attended", False)
    assert (check.how, check.by, ActivityResult.objects.get().count) == ("list", cast.adviser, 1)


@pytest.mark.policy("ELIG-2")
def test_reopening_takes_back_every_outcome_and_no_other(cast: Cast) -> None:
    sessions = activity("employer-sessions", ActivityKind.ATTENDANCE)
    event = now_on(counts_as=sessions, places=9)
    event.type.policies.add(AllocationPolicyFactory(limit=3))
    excused, partly, gone = (registered(event, who) for who in (cast.student, cast.other_student, StudentFactory()))
    event.sessions.create(during=DateTimeTZRange(event.ends_at, event.ends_at + timedelta(hours=1)), venue="There")
    check_in(registration=partly, session=event.sessions.all()[0], door=door(cast))
    Registration.objects.filter(pk=gone.pk).update(status="cancelled_by_service", ended_at=database_now())
    _end(event)
    used = [use.ordinal for use in AllocationUse.objects.filter(student=cast.student)]
    close_attendance(event=event, marked=Marked(), by=cast.adviser)
    assert not AllocationUse.objects.filter(student=cast.student).exists()
    assert [Registration.objects.get(pk=each.pk).status for each in (excused, partly)] == [
        "cancelled_by_service",
        "partly",
    ]
    assert not ActivityResult.objects.filter(count__gt=0).exists()
    reopen_attendance(event=event, reason="They came.", by=cast.adviser)
    assert [now_is(each) for each in (excused, partly, gone)] == ["registered", "registered", "cancelled_by_service"]
    assert [use.ordinal for use in AllocationUse.objects.filter(student=cast.student)] == used == [1]
    assert ActivityResult.objects.get(student=cast.other_student).count == 1


def now_is(registration: Registration) -> str:
    return Registration.objects.get(pk=registration.pk).status


def _end(event: Event) -> None:
    """Moves the event so that it ended a minute ago."""
    sessions = list(event.sessions.all())
    shift = sessions[-1].ends_at - (database_now() - timedelta(minutes=1))
    for each in sessions:
        each.during = DateTimeTZRange(each.starts_at - shift, each.ends_at - shift)
        each.save()
    during = DateTimeTZRange(sessions[0].starts_at, sessions[-1].ends_at)
    Event.objects.filter(pk=event.pk).update(during=during)
    event.refresh_from_db()
