"""For some seconds, a mark or a closed appointment can be undone by the person who made it: then it never was."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from appointments.models import Booking, BookingNote, BookingStatus
from appointments.operations.attendance import mark_attendance, reverse_attendance, undo_mark
from appointments.operations.close import close_appointment
from eligibility.models import Strike
from eligibility.models.misses import SHIPPED
from foundation.values.times import database_now
from messaging.models import DeliveryState, OutboxMessage
from messaging.operations.deliver import deliver_due
from tests.appointments.racing import race
from tests.appointments.student_browser import as_, page_of
from tests.appointments.undone import all_of, code_of, later, set_seconds
from tests.cast import Cast, assemble
from tests.factories import miss_rules, stored_booking

pytestmark = pytest.mark.django_db


def begun(cast: Cast) -> Booking:
    return stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now() - timedelta(minutes=10))


@pytest.mark.policy("ELIG-3")
@pytest.mark.parametrize("outcome", ["arrived", "attended", "late", "missed"])
def test_a_mark_undone_never_was(cast: Cast, outcome: str) -> None:
    booking = begun(cast)
    before = all_of(booking)
    minutes = 5 if outcome == "late" else None
    mark_attendance(booking=booking, outcome=outcome, by=cast.adviser, minutes_late=minutes, undo=True)
    assert Strike.objects.count() == (outcome == "missed")
    assert code_of(undo_mark, booking=booking, by=cast.manager) == "not_yours"
    assert undo_mark(booking=booking, by=cast.adviser) == {}
    assert all_of(booking) == before
    undo_mark(booking=booking, by=cast.adviser)
    assert all_of(booking) == before
    assert AuditEntry.objects.filter(action="mark_undone").count() == 1
    mark_attendance(booking=booking, outcome="attended", by=cast.adviser)


def test_a_mark_after_another_is_undone_to_that(cast: Cast) -> None:
    booking = begun(cast)
    mark_attendance(booking=booking, outcome="arrived", by=cast.front_desk)
    before = all_of(booking)
    mark_attendance(booking=booking, outcome="attended", by=cast.adviser, undo=True)
    undo_mark(booking=booking, by=cast.adviser)
    assert all_of(booking) == before


def test_after_the_time_a_mark_is_undone_with_a_reason(cast: Cast) -> None:
    booking = begun(cast)
    mark_attendance(booking=booking, outcome="missed", by=cast.adviser, undo=True)
    later(booking)
    assert code_of(undo_mark, booking=booking, by=cast.adviser) == "undo_too_late"
    reverse_attendance(booking=booking, reason="A mistake", by=cast.adviser)
    assert not Strike.objects.exists()


def test_nobody_is_told_of_a_miss_that_is_undone(cast: Cast) -> None:
    miss_rules(*SHIPPED, per="ever", wait_hours=0)
    booking = begun(cast)
    mark_attendance(booking=booking, outcome="missed", by=cast.adviser, undo=True)
    assert deliver_due() == 0
    undo_mark(booking=booking, by=cast.adviser)
    OutboxMessage.objects.update(try_at=database_now(), not_before=database_now())
    deliver_due()
    assert not OutboxMessage.objects.filter(kind="eligibility.missed", state=DeliveryState.SENT).exists()


def test_closing_is_undone_with_its_note_whose_words_come_back(cast: Cast) -> None:
    booking, client = begun(cast), as_(cast.adviser)
    before = all_of(booking)
    said = {"outcome": "attended", "text": "Two offers.", "next_step": "Reply", "once": "abcdefghjkmn"}
    close, undo = page_of("staff_booking_close", booking), page_of("attendance_undo", booking)
    done = client.post(close, said, follow=True)
    assert f'action="{undo}"' in done.content.decode()
    assert BookingNote.objects.count() == 1
    shown = client.post(undo, follow=True)
    assert all_of(booking) == before
    assert not BookingNote.objects.exists()
    form = shown.context["close_form"]
    assert (form["text"].value(), form["next_step"].value()) == ("Two offers.", "Reply")
    again = {"booking": booking, "by": cast.adviser, "outcome": "attended", "once": "a" * 12}
    close_appointment(**again, undo=True)
    undo_mark(booking=booking, by=cast.adviser)
    assert code_of(close_appointment, **again) == "undone_already"


def test_the_list_of_the_day_offers_to_undo_a_mark(cast: Cast) -> None:
    booking, client = begun(cast), as_(cast.front_desk)
    page = f"{page_of('attendance_mark', booking)}?next={reverse('today')}"
    done = client.post(page, {"mark": "arrived"}, follow=True)
    undo = page_of("attendance_undo", booking)
    assert f'action="{undo}"' in done.content.decode()
    client.post(undo)
    assert Booking.objects.get().status == BookingStatus.BOOKED


@pytest.mark.django_db(transaction=True)
@pytest.mark.races
def test_a_mark_undone_by_many_presses_is_undone_once(transactional_db: None) -> None:
    cast = assemble()
    set_seconds(120)
    booking = begun(cast)
    before = all_of(booking)
    mark_attendance(booking=booking, outcome="missed", by=cast.adviser, undo=True)
    outcome = race([partial(undo_mark, booking=booking, by=cast.adviser) for _ in range(12)])
    assert not outcome.broken
    assert not outcome.refused
    assert all_of(booking) == before
    assert AuditEntry.objects.filter(action="mark_undone").count() == 1
