"""What undo does not undo: another change, and anything from the end of its time on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appointments.models import Booking, BookingStatus
from appointments.operations.attendance import mark_attendance, undo_mark
from appointments.operations.undo_cancellation import undo_cancellation
from foundation.values.times import database_now
from tests.appointments.student_browser import booked
from tests.appointments.undone import by_service, by_student, code_of
from tests.cast import Cast
from tests.clock import stop_database_clock
from tests.factories import stored_booking

pytestmark = pytest.mark.django_db


def test_only_its_own_change_is_undone(cast: Cast) -> None:
    cancelled = booked(cast)
    by = by_service(cancelled)
    assert code_of(undo_mark, booking=cancelled, by=by) == "nothing_to_undo"
    starts = database_now() - timedelta(minutes=15)
    marked = stored_booking(cast.student, cast.adviser, cast.type, cast.room, starts)
    mark_attendance(booking=marked, outcome="attended", by=cast.adviser, undo=True)
    assert code_of(undo_cancellation, booking=marked, by=cast.adviser) == "nothing_to_undo"
    assert Booking.objects.get(pk=marked.pk).status == BookingStatus.ATTENDED


def test_at_the_end_of_the_time_it_is_too_late(cast: Cast) -> None:
    booking = booked(cast)
    by = by_student(booking)
    ends = Booking.objects.get(pk=booking.pk).undo_ends or database_now()
    stop_database_clock(ends)
    assert code_of(undo_cancellation, booking=booking, by=by) == "undo_too_late"
    stop_database_clock(ends - timedelta(milliseconds=1))
    assert code_of(undo_cancellation, booking=booking, by=by) == ""
