"""Can an appointment be offered, and can it still take place? One answer for times, booking, lists and messages."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from appointments.models import AppointmentType, Booking, BookingStatus
from appointments.operations.attendance import mark_attendance
from appointments.operations.book import book_appointment
from appointments.operations.cancel import cancel_booking
from appointments.operations.choice import Choice, Details
from appointments.operations.hold import hold_bookings
from appointments.operations.move import move_booking
from appointments.operations.tell_who_must_move import tell_those_not_told, tell_who_must_move
from appointments.rules.taking_place import Hindrance, hindrance_of, hindrance_words
from appointments.selectors.free_times import FreeTime, TimeSearch, advisers_offering, free_times
from appointments.selectors.rearrange import bookings_to_rearrange
from appointments.selectors.taking_place import FACTS, facts_column, offered_time, with_hindrance
from appointments.tasks import tell_students_who_must_move
from eligibility.models import AllocationUse
from eligibility.selectors.calendar import academic_calendar
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now
from messaging.models import DeliveryState, OutboxMessage
from messaging.rules.kinds import Composed, Withdrawn, kind_named
from places.models import Location
from tests.appointments.hindrances import CAUSES, Undo, away, no_link, withdrawn
from tests.cast import Cast
from tests.factories import StudentFactory, stored_booking
from tests.page_parts import alerts

pytestmark = pytest.mark.django_db

each_cause = pytest.mark.parametrize(("cause", "hindrance"), CAUSES.values(), ids=CAUSES)


def booked(cast: Cast, student: User | None = None, hour: int = 9) -> Booking:
    student = student or cast.student
    return book_appointment(student=student, choice=cast.choice(hour), details=Details(), by=student)


def offered(cast: Cast) -> list[FreeTime]:
    search = TimeSearch(
        AppointmentType.objects.get(pk=cast.type.pk),
        cast.day,
        cast.day,
        database_now(),
        academic_calendar("07-31"),
        adviser=cast.adviser.public_id,
    )
    return free_times(search, limit=500)


def in_the_room(cast: Cast) -> set[datetime]:
    return {t.starts_at for t in offered(cast) if (t.location, t.mode) == (cast.room.public_id, "in_person")}


def decided(choice: Choice) -> Hindrance | None:
    """What the rule says of a time, as booking asks it."""
    column = facts_column(
        type_id=choice.type.pk,
        adviser_id=choice.adviser.pk,
        location_id=choice.location.pk,
        starts=choice.during.lower,
        ends=choice.during.upper,
        released=True,
    )
    with connection.cursor() as cursor:
        cursor.execute(column.sql, column.params)
        (facts,) = cursor.fetchone()
    about = offered_time(facts, choice.starts_at, choice.mode).circumstances
    return hindrance_of(about, academic_calendar("07-31"))


def waiting(booking: Booking) -> set[str]:
    queued = OutboxMessage.objects.filter(regarding=booking.public_id, state=DeliveryState.QUEUED)
    return {kind.removeprefix("appointments.") for kind in queued.values_list("kind", flat=True)}


# Each cause, from the offer to the message.


@each_cause
def test_what_cannot_take_place_is_not_offered_nor_booked(
    cast: Cast, cause: Callable[[Cast], Undo], hindrance: Hindrance
) -> None:
    assert cast.starts(9) in in_the_room(cast)
    undo = cause(cast)
    assert cast.starts(9) not in in_the_room(cast)
    for choose in (cast.choice(9), Choice(cast.type, cast.starts(9), cast.adviser, "in_person", cast.room)):
        with pytest.raises(Refused) as refused:
            book_appointment(student=cast.student, choice=choose, details=Details(), by=cast.student)
        assert refused.value.code == ("closed" if hindrance == Hindrance.CLOSED else "not_offered")
    undo()
    assert cast.starts(9) in in_the_room(cast)
    assert booked(cast)


@each_cause
def test_a_booking_does_not_move_to_what_cannot_take_place(
    cast: Cast, cause: Callable[[Cast], Undo], hindrance: Hindrance
) -> None:
    choice = cast.choice(11, adviser=cast.other_adviser)
    booking = book_appointment(student=cast.student, choice=choice, details=Details(), by=cast.student)
    cause(cast)
    with pytest.raises(Refused) as refused:
        move_booking(booking=booking, choice=cast.choice(9), by=cast.student)
    assert refused.value.code in ("closed", "not_offered")


@each_cause
def test_it_is_listed_with_its_reason_and_leaves_the_list_when_taken_back(
    cast: Cast, cause: Callable[[Cast], Undo], hindrance: Hindrance, client: Client
) -> None:
    booking, other = booked(cast), booked(cast, cast.other_student, 15)
    undo = cause(cast)
    listed = {each.pk: each.hindrance for each in bookings_to_rearrange(database_now())}
    assert listed[booking.pk] == hindrance
    assert (other.pk in listed) == (hindrance not in (Hindrance.AWAY, Hindrance.WITHDRAWN))
    client.force_login(cast.manager)
    page = client.get(reverse("rearrange_list")).content.decode()
    assert hindrance_words(hindrance, cast.adviser.name, cast.room.name) in page
    assert cast.student.name in page
    tell_those_not_told()
    for address in ("diary_week", "today", "availability_list"):
        query = {"adviser": cast.adviser.public_id, "week": str(cast.day), "day": str(cast.day)}
        assert client.get(reverse(address), query).status_code == 200, "the diary stays readable"
    undo()
    assert not bookings_to_rearrange(database_now()).exists()


@each_cause
def test_students_are_told_once_and_told_when_it_goes_ahead(
    cast: Cast, cause: Callable[[Cast], Undo], hindrance: Hindrance
) -> None:
    booking = booked(cast)
    assert waiting(booking) >= {"reminder", "reminder_text"}
    reminder = OutboxMessage.objects.get(kind="appointments.reminder")
    undo = cause(cast)
    assert isinstance(kind_named(reminder.kind).compose(reminder), Withdrawn), "no reminder as if nothing had happened"
    assert [each.hindrance for each in tell_who_must_move()] == [hindrance]
    assert waiting(booking) == {"must_move"}
    message = OutboxMessage.objects.get(kind="appointments.must_move")
    composed = kind_named(message.kind).compose(message)
    assert isinstance(composed, Composed)
    assert reverse("booking_move", args=[booking.public_id]) in composed.text
    assert tell_who_must_move() == [], "once"
    undo()
    assert isinstance(kind_named(message.kind).compose(message), Withdrawn), "it can take place after all"
    assert tell_those_not_told() == 0
    assert waiting(booking) == {"goes_ahead", "reminder", "reminder_text"}
    booking.refresh_from_db()
    assert booking.move_asked_at is None


@pytest.mark.parametrize("page", ["home", "booking_list", "booking_detail"])
def test_the_students_pages_say_so(cast: Cast, client: Client, page: str) -> None:
    booking = booked(cast)
    client.force_login(cast.student)
    address = reverse(page, args=[booking.public_id] if page == "booking_detail" else [])
    move = reverse("booking_move", args=[booking.public_id])
    before = client.get(address)
    away(cast)
    tell_who_must_move()
    after = client.get(address)
    assert after.content.decode().count(move) >= 1
    if page == "booking_detail":
        assert (alerts(before), alerts(after)) == ([], ["warning"])
    else:
        assert "badge" in after.content.decode()
        assert after.content.decode() != before.content.decode()


def test_the_calendar_file_is_not_pressed_on_somebody_who_must_move(cast: Cast, client: Client) -> None:
    booking = booked(cast)
    client.force_login(cast.student)
    calendar = reverse("booking_calendar", args=[booking.public_id])
    for shown in (True, False):
        for page in (reverse("booking_list"), reverse("booking_detail", args=[booking.public_id])):
            assert (calendar in client.get(page).content.decode()) == shown
        away(cast)
        tell_who_must_move()


# The three forms of the rule agree.


def shaken(cast: Cast, chance: random.Random) -> None:
    """Some of the causes, at random, for both advisers."""
    for cause, _ in chance.sample(list(CAUSES.values()), chance.randint(0, 3)):
        if cause is not withdrawn:
            cause(cast)
    if chance.random() < 0.5:
        block = cast.other_adviser.diary_blocks.get()
        chance.choice([block.types.clear, block.locations.clear, block.delete])()
    if chance.random() < 0.4:
        no_link(cast)
    if chance.random() < 0.3:
        Location.objects.filter(pk=cast.online.pk).update(is_open=False)


@pytest.mark.parametrize("seed", range(12))
def test_the_rule_its_queryset_and_the_free_times_agree(cast: Cast, seed: int) -> None:
    chance = random.Random(seed)
    at_first = [*offered(cast), *offered_by(cast, cast.other_adviser)]
    assert len(at_first) > 20
    for student in [StudentFactory(course=False) for _ in range(6)]:
        time = chance.choice(at_first)
        place = Location.objects.get(public_id=time.location)
        who = User.objects.get(public_id=time.adviser)
        if not Booking.objects.filter(adviser=who, during__startswith=time.starts_at).exists():
            stored_booking(student, who, cast.type, place, time.starts_at)
    shaken(cast, chance)
    type = AppointmentType.objects.get(pk=cast.type.pk)
    places = {place.public_id: place for place in Location.objects.all()}
    people = {who.public_id: who for who in User.objects.all()}

    for booking in with_hindrance(Booking.objects.with_people()):
        choice = Choice(type, booking.starts_at, booking.adviser, booking.mode, booking.location)
        assert booking.hindrance == str(decided(choice) or "")
    Booking.objects.all().delete()
    found = [*offered(cast), *offered_by(cast, cast.other_adviser)]
    now = {(each.starts_at, each.adviser, each.mode, each.location) for each in found}
    for time in at_first:
        choice = Choice(type, time.starts_at, people[time.adviser], time.mode, places[time.location])
        wanted = decided(choice) is None
        assert ((time.starts_at, time.adviser, time.mode, time.location) in now) == wanted, decided(choice)
    if Role.ADVISER not in people[cast.adviser.public_id].roles or not people[cast.adviser.public_id].is_active:
        assert cast.adviser.public_id not in dict(advisers_offering(type, [cast.day]))


def offered_by(cast: Cast, adviser: User) -> list[FreeTime]:
    type, calendar = AppointmentType.objects.get(pk=cast.type.pk), academic_calendar("07-31")
    search = TimeSearch(type, cast.day, cast.day, database_now(), calendar, adviser=adviser.public_id)
    return free_times(search, limit=500)


def test_every_hindrance_has_a_cause_and_words() -> None:
    assert {hindrance for _, hindrance in CAUSES.values()} == set(Hindrance) - {Hindrance.NO_LINK}
    words = [hindrance_words(hindrance, "Helen Marsh", "Atrium room 1") for hindrance in Hindrance]
    assert len(set(words)) == len(words)
    assert "%s" in FACTS


def test_a_block_that_is_not_released_does_not_hinder_what_is_booked(cast: Cast) -> None:
    """Staff may book before the release time; the booking can take place."""
    booking = booked(cast)
    cast.adviser.diary_blocks.update(release_at=database_now() + timedelta(days=1))
    assert not bookings_to_rearrange(database_now()).filter(pk=booking.pk).exists()


# What follows from having been told.


def told(cast: Cast, starts_at: datetime | None = None) -> Booking:
    booking = booked(cast)
    away(cast)
    tell_who_must_move(adviser=cast.adviser)
    booking.refresh_from_db()
    return booking


def test_moving_settles_it(cast: Cast) -> None:
    booking = told(cast)
    moved = move_booking(booking=booking, choice=cast.choice(11), by=cast.student)
    assert moved.move_asked_at is None
    assert waiting(booking) == {"moved", "reminder", "reminder_text"}
    assert tell_who_must_move() == []


def test_cancelling_late_gives_it_back(cast: Cast) -> None:
    AppointmentType.objects.filter(pk=cast.type.pk).update(cancel_notice_minutes=60 * 24 * 30)
    booking = told(cast)
    cancel_booking(booking=booking, by=cast.student)
    assert not AllocationUse.objects.filter(source_id=booking.public_id, consumes=True).exists()


def test_it_cannot_be_missed(cast: Cast) -> None:
    starts = database_now() - timedelta(minutes=20)
    booking = stored_booking(
        cast.student, cast.adviser, cast.type, cast.room, starts, move_asked_at=starts - timedelta(days=1)
    )
    for outcome, minutes in (("missed", None), ("late", 15)):
        with pytest.raises(Refused) as refused:
            mark_attendance(booking=booking, outcome=outcome, minutes_late=minutes, by=cast.adviser)
        assert refused.value.code == "could_not_take_place"
    mark_attendance(booking=booking, outcome="attended", by=cast.adviser)


def test_held_bookings_are_told_nothing(cast: Cast) -> None:
    booking = booked(cast)
    hold_bookings(student=cast.student)
    away(cast)
    assert tell_who_must_move() == []
    assert waiting(booking) == {"held"}


def test_the_task_and_the_command_find_what_no_operation_told(cast: Cast, capsys: Any) -> None:
    booked(cast)
    away(cast)
    call_command("tell_who_must_move")
    assert capsys.readouterr().out.split()[0] == "1"
    tell_students_who_must_move()
    assert OutboxMessage.objects.filter(kind="appointments.must_move").count() == 1


@pytest.mark.parametrize("status", [BookingStatus.CANCELLED, BookingStatus.ATTENDED])
def test_what_is_over_is_not_listed(cast: Cast, status: str) -> None:
    stored_booking(cast.student, cast.adviser, cast.type, cast.room, cast.starts(9), status=status)
    away(cast)
    assert not bookings_to_rearrange(database_now()).exists()
