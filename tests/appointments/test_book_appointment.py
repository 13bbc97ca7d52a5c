import pytest

from appointments.models import Booking
from appointments.operations.book import book_appointment
from appointments.operations.cancel import cancel_booking
from appointments.operations.choice import Details, Override
from appointments.operations.move import move_booking
from appointments.selectors.free_times import TimeSearch, counted_starts, free_starts, free_times
from eligibility.rules.calendar import AcademicCalendar
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now
from messaging.models import OutboxMessage
from messaging.operations.deliver import deliver_message
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_student_books_moves_and_cancels(cast: Cast) -> None:
    booking = book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)
    assert booking.room == cast.room
    assert [m.kind for m in OutboxMessage.objects.order_by("pk")] == [
        "appointments.booked",
        "appointments.reminder",
        "appointments.reminder_text",
    ]
    move_booking(booking=booking, choice=cast.choice(11, adviser=cast.other_adviser), by=cast.student)
    cancel_booking(booking=booking, by=cast.student)
    assert Booking.objects.get().status == "cancelled"


def test_a_taken_time_is_refused_with_the_nearest_free_ones(cast: Cast) -> None:
    book_appointment(student=cast.student, choice=cast.choice(9, 40), details=Details(), by=cast.student)
    with pytest.raises(Refused) as refused:
        book_appointment(
            student=cast.other_student, choice=cast.choice(9, 40), details=Details(), by=cast.other_student
        )
    assert refused.value.code == "time_taken"
    assert len(refused.value.alternatives) == 3


def test_free_times(cast: Cast) -> None:
    search = TimeSearch(cast.type, cast.day, cast.day, database_now(), AcademicCalendar(), student_id=cast.student.pk)
    starts = counted_starts(search)
    assert [start.label for start in starts][:3] == ["09:00", "09:40", "10:20"]
    assert starts[0].advisers == 2
    assert len(free_times(search, limit=200)) == len(starts) * 4
    book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)
    assert free_starts(search)[0].label == "09:40"


def test_override(cast: Cast) -> None:
    for hour in (9, 11, 13):
        book_appointment(student=cast.student, choice=cast.choice(hour), details=Details(), by=cast.student)
    with pytest.raises(Refused) as refused:
        book_appointment(student=cast.student, choice=cast.choice(15), details=Details(), by=cast.adviser)
    assert refused.value.code == "allocation_used"
    booking = book_appointment(
        student=cast.student,
        choice=cast.choice(15),
        details=Details(),
        by=cast.adviser,
        override=Override("interview tomorrow", counts=False),
    )
    assert not booking.consumes


def test_words_are_composed(cast: Cast) -> None:
    book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)
    message = deliver_message(OutboxMessage.objects.get(kind="appointments.booked").public_id)
    assert message is not None
    assert message.state == "sent", message.reason
    message.refresh_from_db()
    assert "What you say is confidential" not in message.subject
    assert cast.room.confidentiality_note in message.body_text
    assert message.attachments[0]["name"] == "appointment.ics"
