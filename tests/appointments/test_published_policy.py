"""Statements of the published policy about appointments, tested at their exact limits with the database's clock
stopped."""

from datetime import date, datetime, time, timedelta

import pytest
from icalendar import Calendar

from accounts.models import PolicySetting, User
from appointments.models import AppointmentType, Booking, BookingStatus
from appointments.notices.calendar_file import calendar_file
from appointments.operations.attendance import mark_attendance, reverse_attendance
from appointments.operations.book import book_appointment
from appointments.operations.cancel import cancel_booking
from appointments.operations.choice import Details
from appointments.operations.move import move_booking
from appointments.rules.confidentiality import privacy_of
from appointments.rules.window_words import cancelling_sentence, missing_sentence
from eligibility.models import AllocationUse, Period, Strike
from foundation.outcomes.refusals import Refused
from foundation.values.times import at
from messaging.models import OutboxMessage
from messaging.operations.deliver import deliver_message
from places.models import Confidentiality, Location, MeetingMode
from tests.cast import Cast
from tests.clock import stop_database_clock
from tests.factories import AllocationPolicyFactory, publish

pytestmark = pytest.mark.django_db

DAY = date(2027, 1, 13)
NINE = at(DAY, time(9))
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def winter(cast: Cast) -> Cast:
    """A week before Wednesday 13 January 2027, when both advisers have published time."""
    cast.day = DAY
    publish(cast.adviser, cast.type, cast.room, cast.online, day=DAY)
    publish(cast.other_adviser, cast.type, cast.other_room, day=DAY)
    stop_database_clock(NINE - timedelta(days=7))
    return cast


def booked(cast: Cast, hour: int = 9) -> Booking:
    return book_appointment(student=cast.student, choice=cast.choice(hour), details=Details(), by=cast.student)


def refusal(attempt: object, *args: object, **kwargs: object) -> str:
    with pytest.raises(Refused) as refused:
        attempt(*args, **kwargs)
    return refused.value.code


@pytest.mark.policy("ELIG-2")
def test_cancelled_a_moment_before_the_start_gives_it_back(winter: Cast) -> None:
    booking = booked(winter)
    stop_database_clock(NINE - MOMENT)
    cancel_booking(booking=booking, by=winter.student)
    assert not AllocationUse.objects.exists()


@pytest.mark.policy("ELIG-2")
def test_at_the_exact_start_changes_are_refused(winter: Cast) -> None:
    booking = booked(winter)
    stop_database_clock(NINE)
    assert refusal(cancel_booking, booking=booking, by=winter.student) == "too_late"
    assert refusal(move_booking, booking=booking, choice=winter.choice(11), by=winter.student) == "too_late"
    assert AllocationUse.objects.filter(consumes=True).count() == 1


@pytest.mark.policy("ELIG-2")
def test_missed_counts_as_one_of_the_allocation(winter: Cast) -> None:
    winter.type.policies.set([AllocationPolicyFactory(limit=1, period=Period.MONTH)])
    booking = booked(winter)
    stop_database_clock(NINE + timedelta(minutes=15))
    mark_attendance(booking=booking, outcome="missed", by=winter.adviser)
    assert Strike.objects.get().source_id == booking.public_id
    assert refusal(booked, winter, 13) == "allocation_used"


@pytest.mark.policy("ELIG-2")
def test_undoing_a_missed_mark_needs_a_reason_and_removes_its_strike(winter: Cast) -> None:
    booking = booked(winter)
    stop_database_clock(NINE + timedelta(minutes=15))
    mark_attendance(booking=booking, outcome="missed", by=winter.adviser)
    assert refusal(reverse_attendance, booking=booking, reason=" ", by=winter.adviser) == "reason_needed"
    reverse_attendance(booking=booking, reason="They were in the wrong room.", by=winter.adviser)
    mark_attendance(booking=booking, outcome="attended", by=winter.adviser)
    assert not Strike.objects.exists()
    assert Booking.objects.get().status == BookingStatus.ATTENDED


@pytest.mark.policy("ELIG-2")
def test_nobody_is_missed_before_the_start(winter: Cast) -> None:
    booking = booked(winter)
    stop_database_clock(NINE - MOMENT)
    for outcome in ("missed", "attended", "late"):
        assert refusal(mark_attendance, booking=booking, outcome=outcome, by=winter.adviser) == "not_begun"


@pytest.mark.policy("ELIG-2")
def test_where_a_service_asks_for_a_day_a_late_cancellation_counts(winter: Cast) -> None:
    AppointmentType.objects.update(cancel_notice_minutes=24 * 60)
    early, late = booked(winter, 9), booked(winter, 13)
    stop_database_clock(early.starts_at - timedelta(hours=24))
    cancel_booking(booking=early, by=winter.student)
    stop_database_clock(late.starts_at - timedelta(hours=24) + MOMENT)
    cancel_booking(booking=late, by=winter.student)
    assert [use.source_id for use in AllocationUse.objects.all()] == [late.public_id]


@pytest.mark.policy("ELIG-2")
def test_appointments_cancelled_by_the_service_never_count(winter: Cast) -> None:
    booking = booked(winter)
    stop_database_clock(NINE + timedelta(minutes=5))
    cancel_booking(booking=booking, by=winter.adviser, by_service=True)
    assert not AllocationUse.objects.exists()


@pytest.mark.policy("APPT-5")
@pytest.mark.parametrize(
    ("ahead", "kinds"),
    [
        (timedelta(hours=24), ["appointments.booked"]),
        (timedelta(hours=24) + MOMENT, ["appointments.booked", "appointments.reminder", "appointments.reminder_text"]),
    ],
)
def test_a_reminder_only_when_booked_more_than_a_day_ahead(winter: Cast, ahead: timedelta, kinds: list[str]) -> None:
    stop_database_clock(NINE - ahead)
    booking = booked(winter)
    messages = OutboxMessage.objects.filter(regarding=booking.public_id).order_by("pk")
    assert [message.kind for message in messages] == kinds
    assert all(message.not_before == NINE - timedelta(hours=24) for message in messages[1:])


@pytest.mark.policy("APPT-5")
@pytest.mark.parametrize("phone", ["", "+441612750000"])
def test_no_text_without_a_usable_number(winter: Cast, phone: str) -> None:
    User.objects.filter(pk=winter.student.pk).update(phone=phone)
    winter.student.refresh_from_db()
    booked(winter)
    assert not OutboxMessage.objects.filter(channel="sms").exists()


@pytest.mark.policy("APPT-5")
def test_the_day_is_a_setting_with_an_effective_date(winter: Cast) -> None:
    key = "reminder_only_if_booked_hours_ahead"
    PolicySetting.objects.create(key=key, value=200, effective_from=date(2027, 1, 1))
    PolicySetting.objects.create(key=key, value=1, effective_from=date(2027, 2, 1))
    booked(winter)
    assert not OutboxMessage.objects.filter(kind="appointments.reminder").exists()


@pytest.mark.policy("APPT-5")
def test_a_move_updates_the_reminder_and_the_calendar_entry(winter: Cast) -> None:
    booking = booked(winter)
    moved = move_booking(booking=booking, choice=winter.choice(13), by=winter.student)
    waiting = OutboxMessage.objects.filter(regarding=booking.public_id, state="queued")
    assert {m.kind for m in waiting} == {
        "appointments.moved",
        "appointments.reminder",
        "appointments.reminder_text",
    }
    assert waiting.get(kind="appointments.reminder").not_before == moved.starts_at - timedelta(hours=24)
    first, second = entry(winter, "appointments.moved"), None
    cancel_booking(booking=moved, by=winter.student)
    second = entry(winter, "appointments.cancelled")
    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (1, 2)
    assert (first["STATUS"], second["STATUS"]) == ("CONFIRMED", "CANCELLED")


def entry(cast: Cast, kind: str) -> dict[str, object]:
    message = deliver_message(OutboxMessage.objects.get(kind=kind).public_id)
    assert message is not None
    message.refresh_from_db()
    (event,) = Calendar.from_ical(message.attachments[0]["text"]).walk("VEVENT")
    return dict(event)


@pytest.mark.policy("DATA-6")
def test_a_calendar_file_says_nothing_personal(winter: Cast) -> None:
    booking = book_appointment(
        student=winter.student,
        choice=winter.choice(9),
        details=Details(topic="Changing direction", help_wanted="I am thinking of leaving", access_needs="step-free"),
        by=winter.student,
    )
    deliver_message(OutboxMessage.objects.get(kind="appointments.booked").public_id)
    calendar = Calendar.from_ical(OutboxMessage.objects.get(kind="appointments.booked").attachments[0]["text"])
    (event,) = calendar.walk("VEVENT")
    assert event.pop("ATTENDEE") == f"mailto:{winter.student.email}"
    for text in (calendar.to_ical().decode(), calendar_file(booking)):
        unfolded = text.replace("\r\n ", "")
        for word in ("Changing", "leaving", "step-free", "Okafor", winter.student.email, booking.type.name):
            assert word not in unfolded


@pytest.mark.parametrize(
    ("mode", "confidentiality", "by_nature", "level"),
    [
        pytest.param("in_person", "confidential", True, "confidential", marks=pytest.mark.policy("APPT-1")),
        pytest.param("in_person", "may_not_be", True, "may_not_be", marks=pytest.mark.policy("APPT-1")),
        pytest.param("in_person", "confidential", False, "not_confidential", marks=pytest.mark.policy("APPT-2")),
        pytest.param("online", "confidential", True, "confidential", marks=pytest.mark.policy("APPT-3")),
        pytest.param("telephone", "confidential", True, "confidential", marks=pytest.mark.policy("TEL-1")),
    ],
)
def test_confidentiality_follows_from_place_and_type(
    mode: str, confidentiality: str, by_nature: bool, level: str
) -> None:
    place = Location(mode=mode, confidentiality=confidentiality, confidentiality_note="As the place is.")
    privacy = privacy_of(AppointmentType(confidential_by_nature=by_nature), place)
    assert privacy.level == level
    assert privacy.label == Confidentiality(level).label
    assert ("recorded" in privacy.recording) is (mode != MeetingMode.IN_PERSON)


@pytest.mark.policy("SEC-2")
def test_nobody_moves_cancels_or_books_for_somebody_else(winter: Cast) -> None:
    booking = booked(winter)
    for other in (winter.other_student, winter.outsider, winter.administrator):
        assert refusal(move_booking, booking=booking, choice=winter.choice(11), by=other) == "not_yours"
        assert refusal(cancel_booking, booking=booking, by=other) == "not_yours"
        assert refusal(mark_attendance, booking=booking, outcome="missed", by=other) == "not_yours"
        asked = {"student": winter.student, "choice": winter.choice(13), "details": Details()}
        assert refusal(book_appointment, by=other, **asked) == "not_yours"
    assert Booking.objects.get().starts_at == datetime.combine(DAY, time(9), NINE.tzinfo)


@pytest.mark.policy("APPT-4")
def test_bookings_are_open_to_careers_staff_and_to_their_student_alone(winter: Cast) -> None:
    booked(winter)
    sees = {
        person.given_name: Booking.objects.visible_to(person).exists()
        for person in (
            winter.student,
            winter.other_student,
            winter.adviser,
            winter.front_desk,
            winter.manager,
            winter.administrator,
            winter.outsider,
        )
    }
    assert sees == {
        "Amara": True,
        "Jin": False,
        "Helen": True,
        "Fran": True,
        "Mo": True,
        "Ada": False,
        "Olu": False,
    }


@pytest.mark.policy("ELIG-2")
def test_what_missing_and_coming_late_mean_is_in_the_confirmation(winter: Cast) -> None:
    AppointmentType.objects.update(late_after_minutes=5, cancel_notice_minutes=24 * 60)
    booked(winter)
    message = deliver_message(OutboxMessage.objects.get(kind="appointments.booked").public_id)
    assert message is not None
    message.refresh_from_db()
    words = " ".join(message.body_text.split())
    type = AppointmentType.objects.get(pk=winter.type.pk)
    assert "24 hours" in cancelling_sentence(type)
    assert "5 minutes" in missing_sentence(type)
    assert f"{cancelling_sentence(type)} {missing_sentence(type)}" in words
