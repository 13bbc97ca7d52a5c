"""Registering for an event, and giving the place up (SEC-2, ELIG-1, ELIG-2)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from psycopg2.extras import DateRange

from accounts.models import AuditEntry
from eligibility.models import AllocationUse, Group, GroupMember, Hold, Period, Strike
from events.models import Event, EventQuestion, EventReserve, EventState, Registration, RegistrationNeeds
from events.operations.admit import RegistrationDetails
from events.operations.cancel_registration import cancel_registration, undo_cancelled_registration
from events.operations.register import RegistrationOverride, register
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now, local_day
from messaging.models import OutboxMessage
from tests.cast import Cast
from tests.events.factories import EventTypeFactory, an_event, registered
from tests.factories import AllocationPolicyFactory, AudienceFactory, StudentFactory

pytestmark = pytest.mark.django_db


def refused(event: Event, cast: Cast, **more: object) -> str:
    with pytest.raises(Refused) as caught:
        register(event=event, student=cast.student, mode="in_person", by=cast.student, **more)  # type: ignore[arg-type]
    assert not Registration.objects.filter(event=event, student=cast.student).exists()
    return caught.value.code


def queued(registration: Registration) -> list[str]:
    return sorted(OutboxMessage.objects.filter(regarding=registration.public_id).values_list("kind", flat=True))


@pytest.mark.policy("SEC-2")
def test_a_place_is_for_the_student_alone(cast: Cast) -> None:
    event = an_event()
    registration = registered(event, cast.student)
    assert (registration.seat, registration.student) == (1, cast.student)
    for other in (cast.other_student, cast.outsider):
        with pytest.raises(Refused) as caught:
            register(event=event, student=cast.student, mode="in_person", by=other)
        assert caught.value.code == "not_yours"
    assert AuditEntry.objects.filter(action="registered", student=cast.student).count() == 1


@pytest.mark.policy("APPT-5")
def test_the_student_is_told_and_reminded(cast: Cast) -> None:
    assert queued(registered(an_event(), cast.student)) == [
        "events.registered",
        "events.reminder",
        "events.reminder_text",
    ]
    tomorrow = an_event(starts=database_now() + timedelta(hours=20))
    assert queued(registered(tomorrow, cast.other_student)) == ["events.registered"]


def test_online_places_come_with_their_link_before_the_start(cast: Cast) -> None:
    event = an_event(places=None, online=5)
    assert "events.link" in queued(registered(event, cast.student, "online"))
    link = OutboxMessage.objects.get(kind="events.link")
    assert link.not_before == event.starts_at - timedelta(minutes=60)


@pytest.mark.policy("ELIG-1")
def test_what_refuses(cast: Cast) -> None:
    now = database_now()
    research = AudienceFactory(rule={"course": {"level": ["postgraduate_research"]}}, name="research students")
    assert refused(an_event(audience=research), cast) == "not_eligible"
    assert refused(an_event(state=EventState.DRAFT), cast) == "event_draft"
    assert refused(an_event(state=EventState.CANCELLED), cast) == "event_cancelled"
    assert refused(an_event(registration_opens_at=now + timedelta(days=1)), cast) == "registration_not_open"
    assert refused(an_event(registration_closes_at=now - timedelta(hours=1)), cast) == "registration_closed"
    assert refused(an_event(places=None, online=3), cast) == "way_not_offered"
    over = an_event(starts=now - timedelta(hours=3))
    assert refused(over, cast) == "event_over"


@pytest.mark.policy("ELIG-3")
def test_a_hold_on_events_refuses_and_one_on_appointments_does_not(cast: Cast) -> None:
    today = local_day(database_now())
    hold = Hold.objects.create(
        student=cast.student,
        during=DateRange(today, today + timedelta(days=30)),
        reason="Missed",
        message="You missed.",
        covers=["appointments"],
        decided_by=cast.manager,
    )
    registered(an_event(), cast.student)
    Hold.objects.filter(pk=hold.pk).update(covers=["events"])
    other = an_event(starts=database_now() + timedelta(days=9))
    assert refused(other, cast) == "on_hold"
    override = RegistrationOverride("Agreed with the manager")
    assert refused(other, cast, override=override) == "not_yours"
    given = {"event": other, "student": cast.student, "mode": "in_person", "override": override}
    with pytest.raises(Refused) as caught:
        register(**given, by=cast.adviser)  # type: ignore[arg-type]
    assert caught.value.code == "on_hold"
    assert register(**given, by=cast.manager).override_reason  # type: ignore[arg-type]


def test_two_events_at_once(cast: Cast) -> None:
    event = registered(an_event(), cast.student).event
    half_later = an_event(starts=event.starts_at + timedelta(minutes=30))
    assert refused(half_later, cast) == "event_clash"
    afterwards = an_event(starts=event.ends_at)
    assert registered(afterwards, cast.student)


@pytest.mark.policy("ELIG-1")
def test_an_allocation_of_events_counts_and_comes_back(cast: Cast) -> None:
    type = EventTypeFactory()
    type.policies.add(AllocationPolicyFactory(limit=1, period=Period.ACADEMIC_YEAR))
    first = registered(an_event(type=type), cast.student)
    second = an_event(type=type, starts=first.event.ends_at)
    assert refused(second, cast) == "allocation_used"
    cancel_registration(registration=first, by=cast.student)
    registered(second, cast.student)
    assert AllocationUse.objects.count() == 1


def test_full_is_full_and_the_lowest_place_is_used_again(cast: Cast) -> None:
    event = an_event(places=2)
    first = registered(event, cast.other_student)
    registered(event, StudentFactory())
    assert refused(event, cast) == "event_full"
    cancel_registration(registration=first, by=cast.other_student)
    assert registered(event, cast.student).seat == 1


def test_a_place_is_never_taken_twice_even_without_the_lock(cast: Cast) -> None:
    registration = registered(an_event(), cast.student)
    row = {field.attname: getattr(registration, field.attname) for field in Registration._meta.concrete_fields}
    row |= {"id": None, "public_id": "another00000", "student_id": cast.other_student.pk}
    with pytest.raises(IntegrityError, match="place_at_an_event_is_taken_once"), transaction.atomic():
        Registration.objects.create(**row)


def test_places_kept_for_a_group(cast: Cast) -> None:
    group = Group.objects.create(slug="aspire", name="Aspire")
    GroupMember.objects.create(group=group, student=cast.student)
    event = an_event(places=2)
    EventReserve.objects.create(event=event, group=group, places=1)
    registered(event, cast.other_student)
    with pytest.raises(Refused, match="full"):
        registered(event, StudentFactory())
    assert registered(event, cast.student).reserve is not None


def test_questions_are_asked_and_needs_kept_apart(cast: Cast) -> None:
    event = an_event(shares_with_employers=True)
    question = EventQuestion.objects.create(event=event, label="What do you hope for?", is_required=True)
    choice = EventQuestion.objects.create(event=event, label="Lunch?", kind="choice", choices=["yes", "no"])
    assert refused(event, cast) == "answer_missing"
    wrong = RegistrationDetails({question.public_id: "Contacts", choice.public_id: "perhaps"})
    assert refused(event, cast, details=wrong) == "answer_unknown"
    right = RegistrationDetails({question.public_id: "Contacts", choice.public_id: "yes"}, "A seat near the door", True)
    registration = register(event=event, student=cast.student, mode="in_person", by=cast.student, details=right)
    assert sorted(registration.answers.values_list("text", flat=True)) == ["Contacts", "yes"]
    assert RegistrationNeeds.objects.visible_to(cast.front_desk).get().text == "A seat near the door"
    assert not RegistrationNeeds.objects.visible_to(cast.adviser).exists()
    assert registration.shares_with_employers


def test_sent_twice_is_once(cast: Cast) -> None:
    event, keys = an_event(), {"mode": "in_person", "by": cast.student, "once": "a-key-of-the-form"}
    first = register(event=event, student=cast.student, **keys)  # type: ignore[arg-type]
    assert register(event=event, student=cast.student, **keys) == first  # type: ignore[arg-type]
    with pytest.raises(Refused) as caught:
        register(event=an_event(starts=event.ends_at), student=cast.student, **keys)  # type: ignore[arg-type]
    assert caught.value.code == "idempotency_key_reused"


@pytest.mark.policy("ELIG-2")
def test_cancelling_in_time_counts_nothing_and_late_is_a_miss_of_its_kind(cast: Cast) -> None:
    in_time = registered(an_event(), cast.student)
    cancel_registration(registration=in_time, by=cast.student)
    assert not Strike.objects.exists()
    late = registered(an_event(cancel_until=database_now() - timedelta(hours=1)), cast.student)
    cancel_registration(registration=late, by=cast.student)
    strike = Strike.objects.get()
    assert (strike.kind, strike.how, strike.source_id) == ("event", "cancelled_late", late.public_id)
    for done in (in_time, late):
        with pytest.raises(Refused) as caught:
            cancel_registration(registration=done, by=cast.student)
        assert caught.value.code == "not_changeable"


def test_cancelling_can_be_undone_for_some_seconds(cast: Cast) -> None:
    type = EventTypeFactory()
    type.policies.add(AllocationPolicyFactory(limit=1, period=Period.ACADEMIC_YEAR))
    event = an_event(type=type, places=1)
    registration = registered(event, cast.student)
    before = queued(registration)
    cancel_registration(registration=registration, by=cast.student, undo=True)
    undo_cancelled_registration(registration=registration, by=cast.student)
    registration.refresh_from_db()
    assert (registration.status, registration.seat, AllocationUse.objects.count()) == ("registered", 1, 1)
    waiting = OutboxMessage.objects.filter(regarding=registration.public_id, state="queued")
    assert sorted(waiting.values_list("kind", flat=True)) == before
    cancel_registration(registration=registration, by=cast.student, undo=True)
    registered(event, cast.other_student)
    with pytest.raises(Refused) as caught:
        undo_cancelled_registration(registration=registration, by=cast.student)
    assert caught.value.code == "event_full"
