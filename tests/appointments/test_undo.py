"""For some seconds, a cancellation or a mark can be undone by the person who made it: then it never was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db.models import F
from django.urls import reverse

from accounts.models import AuditEntry, PolicySetting, User
from appointments.models import Booking, BookingNote, BookingStatus
from appointments.operations.attendance import mark_attendance, reverse_attendance, undo_mark
from appointments.operations.book import book_appointment
from appointments.operations.cancel import cancel_booking
from appointments.operations.choice import Choice, Details
from appointments.operations.close import close_appointment
from appointments.operations.undo_cancellation import undo_cancellation
from documents.models import Document, DocumentShare
from eligibility.models import AllocationUse, Hold, Period, Strike
from eligibility.models.misses import SHIPPED
from foundation.outcomes.refusals import result_or_refusal
from foundation.values.times import database_now, local_day
from messaging.models import DeliveryState, OutboxMessage
from messaging.operations.deliver import deliver_due
from tests.appointments.racing import race
from tests.appointments.student_browser import as_, booked, page_of
from tests.cast import Cast, assemble
from tests.factories import AppointmentTypeFactory, StudentFactory, miss_rules, stored_booking
from tests.page_parts import refusals

pytestmark = pytest.mark.django_db


def code_of(operation: Callable[..., Any], **asked: Any) -> str:
    refused = result_or_refusal(operation, **asked)[1]
    return refused.code if refused else ""


def by_student(booking: Booking) -> User:
    cancel_booking(booking=booking, by=booking.student, undo=True)
    return booking.student


def by_service(booking: Booking) -> User:
    cancel_booking(booking=booking, by=booking.adviser, by_service=True, reason="Ill", undo=True)
    return booking.adviser


each_way = pytest.mark.parametrize("cancel", [by_student, by_service])


def all_of(booking: Booking) -> dict[str, Any]:
    """Everything that belongs to a booking, but what says that it was undone."""
    row = Booking.objects.filter(pk=booking.pk).values().get()
    del row["undo"]
    source = booking.source.fields
    uses = AllocationUse.objects.filter(**source)
    waiting = OutboxMessage.objects.filter(regarding=booking.public_id, state=DeliveryState.QUEUED)
    return {
        **row,
        "uses": list(uses.values_list("policy", "period_key", "ordinal", "on", "ends_at")),
        "shares": list(DocumentShare.objects.filter(**source).values_list("document", flat=True)),
        "strikes": list(Strike.objects.filter(**source).values_list("student", "on", "about")),
        "waiting": list(waiting.order_by("pk").values_list("kind", "not_before", "try_at", "dedupe_key")),
    }  # fmt: skip


def later(booking: Booking, seconds: int = 11) -> None:
    row = Booking.objects.get(pk=booking.pk)
    assert row.undo
    until = datetime.fromisoformat(row.undo["until"]) - timedelta(seconds=seconds)
    Booking.objects.filter(pk=booking.pk).update(undo={**row.undo, "until": until.isoformat()})
    past = timedelta(seconds=seconds)
    OutboxMessage.objects.update(not_before=F("not_before") - past, try_at=F("try_at") - past)


@each_way
@pytest.mark.policy("ELIG-2")
def test_undone_it_is_booked_exactly_as_before(cast: Cast, cancel: Callable[[Booking], User]) -> None:
    booking = booked(cast)
    deliver_due()
    before = all_of(booking)
    assert before["uses"]
    assert before["waiting"]
    by = cancel(booking)
    assert not AllocationUse.objects.exists()
    assert deliver_due() == 0
    undo_cancellation(booking=booking, by=by)
    assert all_of(booking) == before
    later_messages = OutboxMessage.objects.filter(kind="appointments.cancelled")
    assert [each.state for each in later_messages] == [DeliveryState.CANCELLED]
    assert AuditEntry.objects.filter(actor=by, action="cancellation_undone").count() == 1


def test_shared_documents_are_shared_again(cast: Cast) -> None:
    booking = booked(cast)
    document = _document(cast.student)
    DocumentShare.objects.create(document_id=document, **booking.source.fields)
    before = all_of(booking)
    by = by_service(booking)
    assert not DocumentShare.objects.exists()
    undo_cancellation(booking=booking, by=by)
    assert all_of(booking)["shares"] == before["shares"] == [document]


def _document(owner: User) -> int:
    return Document.objects.create(owner=owner, kind="cv", name="CV").pk


@each_way
def test_cancelled_again_it_is_told(cast: Cast, cancel: Callable[[Booking], User]) -> None:
    """The withdrawn email must not keep its key from the next one."""
    booking = booked(cast)
    undo_cancellation(booking=booking, by=cancel(booking))
    deliver_due()
    cancel(booking)
    later(booking)
    assert deliver_due() == 1
    told = OutboxMessage.objects.filter(kind="appointments.cancelled", state=DeliveryState.SENT)
    assert told.count() == 1


@each_way
def test_after_the_time_the_student_is_told_and_it_stays_cancelled(cast: Cast, cancel: Callable[..., User]) -> None:
    booking = booked(cast)
    deliver_due()
    by = cancel(booking)
    later(booking)
    assert code_of(undo_cancellation, booking=booking, by=by) == "undo_too_late"
    assert deliver_due() == 1
    assert Booking.objects.get().is_cancelled


def test_an_appointment_in_a_minute_is_cancelled_told_and_undone(cast: Cast) -> None:
    starts = database_now() + timedelta(minutes=1)
    urgent = stored_booking(cast.student, cast.adviser, cast.type, cast.room, starts)
    by_service(urgent)
    later(urgent)
    assert deliver_due() == 1
    other = stored_booking(cast.other_student, cast.other_adviser, cast.type, cast.other_room, starts)
    before = all_of(other)
    undo_cancellation(booking=other, by=by_service(other))
    assert all_of(other) == before


@each_way
def test_only_who_cancelled_undoes_it_and_twice_is_harmless(cast: Cast, cancel: Callable[[Booking], User]) -> None:
    booking = booked(cast)
    assert code_of(undo_cancellation, booking=booking, by=cast.student) == "nothing_to_undo"
    by = cancel(booking)
    others = {cast.student, cast.adviser, cast.manager, cast.other_student} - {by}
    assert {code_of(undo_cancellation, booking=booking, by=each) for each in others} == {"not_yours"}
    undo_cancellation(booking=booking, by=by)
    before = all_of(booking)
    undo_cancellation(booking=booking, by=by)
    assert all_of(booking) == before


@each_way
def test_a_time_taken_since_is_refused_with_others(cast: Cast, cancel: Callable[[Booking], User]) -> None:
    booking = booked(cast)
    by = cancel(booking)
    booked(cast, student=cast.other_student)
    cancelled = all_of(booking)
    _, refused = result_or_refusal(undo_cancellation, booking=booking, by=by)
    assert refused
    assert (refused.code, bool(refused.alternatives)) == ("time_taken", True)
    assert all_of(booking) == cancelled


@pytest.mark.parametrize("period", [Period.ACADEMIC_YEAR, Period.AT_ONE_TIME])
def test_what_the_student_used_since_is_not_used_twice(cast: Cast, period: str) -> None:
    cast.policy.limit, cast.policy.period = 1, period
    cast.policy.save()
    booking = booked(cast)
    by_student(booking)
    booked(cast, 11)
    assert code_of(undo_cancellation, booking=booking, by=cast.student) == "allocation_used"


def test_a_late_cancellation_keeps_counting_once(cast: Cast) -> None:
    cast.type.cancel_notice_minutes = 60 * 24 * 30
    cast.type.save()
    booking = booked(cast)
    before = all_of(booking)
    by_student(booking)
    assert AllocationUse.objects.count() == 1
    undo_cancellation(booking=booking, by=cast.student)
    assert all_of(booking) == before


def test_only_times_that_the_student_may_book_are_offered_instead(cast: Cast) -> None:
    booking = booked(cast)
    by_student(booking)
    booked(cast, student=cast.other_student)
    during = (local_day(database_now()), local_day(database_now()) + timedelta(days=30))
    Hold.objects.create(student=cast.student, during=during, reason="r", message="m", decided_by=cast.manager)
    _, refused = result_or_refusal(undo_cancellation, booking=booking, by=cast.student)
    assert refused
    assert (refused.code, refused.alternatives) == ("time_taken", [])


def test_a_hold_that_keeps_no_bookings_is_not_got_round(cast: Cast) -> None:
    booking = booked(cast)
    by_student(booking)
    day = local_day(database_now())
    during = (day, day + timedelta(days=30))
    Hold.objects.create(
        student=cast.student, during=during, reason="Three missed", message="Talk to us.", decided_by=cast.manager,
        keeps_bookings=False,
    )  # fmt: skip
    assert code_of(undo_cancellation, booking=booking, by=cast.student) == "on_hold"


def test_a_place_in_a_group_is_taken_again_if_one_is_left(cast: Cast) -> None:
    group = AppointmentTypeFactory(policies=[], capacity=2)
    cast.adviser.diary_blocks.get().types.add(group)
    choice = partial(_group_choice, cast, group)

    def join(student: User) -> Booking:
        return book_appointment(student=student, choice=choice(), details=Details(), by=student)

    first, _ = join(cast.student), join(cast.other_student)
    by_student(first)
    undo_cancellation(booking=first, by=cast.student)
    assert Booking.objects.get(pk=first.pk).seat == 1
    by_student(first)
    join(StudentFactory())
    assert code_of(undo_cancellation, booking=first, by=cast.student) == "session_full"


def _group_choice(cast: Cast, group: Any) -> Any:
    return Choice(group, cast.starts(9), cast.adviser, "in_person", cast.room)


def test_pages_of_a_student_cancel_and_undo(cast: Cast) -> None:
    booking, client = booked(cast), as_(cast.student)
    undo = page_of("booking_undo", booking)
    done = client.post(page_of("booking_cancel", booking), follow=True)
    assert f'action="{undo}"' in done.content.decode()
    assert client.post(undo, follow=True).status_code == 200
    assert Booking.objects.get().occupies_time
    client.post(page_of("booking_cancel", booking))
    booked(cast, student=cast.other_student)
    gone = client.post(undo)
    assert (gone.status_code, refusals(gone)) == (409, ["time_taken"])
    assert gone.context["alternatives"]
    assert gone.context["links"]["times"] == reverse("time_list", args=[cast.type.slug])


def test_pages_of_staff_cancel_and_undo(cast: Cast) -> None:
    booking, client = booked(cast), as_(cast.front_desk)
    undo, cancel = page_of("staff_booking_undo", booking), page_of("staff_booking_cancel", booking)
    said = {"who": "service", "reason": "Ill", "told_reason": "We are ill."}
    done = client.post(cancel, said, follow=True)
    assert f'action="{undo}"' in done.content.decode()
    client.post(undo)
    assert Booking.objects.get().occupies_time
    client.post(cancel, said)
    booked(cast, student=cast.other_student)
    times = reverse("staff_time_list", args=[cast.student.public_id, cast.type.slug])
    assert client.post(undo)["Location"].startswith(times)
    assert Booking.objects.get(pk=booking.pk).is_cancelled


@pytest.mark.django_db(transaction=True)
@pytest.mark.races
def test_of_undoing_and_taking_the_time_one_wins(transactional_db: None) -> None:
    cast = assemble()
    set_seconds(120)
    for hour in (9, 11, 13):
        booking = booked(cast, hour)
        by_student(booking)
        take = partial(
            book_appointment, student=cast.other_student, choice=cast.choice(hour), details=Details(),
            by=cast.other_student,
        )  # fmt: skip
        undo = partial(undo_cancellation, booking=booking, by=cast.student)
        outcome = race([undo, take, undo, undo])
        assert not outcome.broken
        assert outcome.codes <= {"time_taken"}
        there = Booking.objects.occupying().filter(adviser=cast.adviser, during__startswith=cast.starts(hour))
        assert there.count() == 1
        uses = AllocationUse.objects.filter(**booking.source.fields).count()
        assert uses == (1 if there.get().pk == booking.pk else 0)
        told = OutboxMessage.objects.filter(regarding=booking.public_id, kind="appointments.cancelled").get()
        assert (told.state == DeliveryState.CANCELLED) == (there.get().pk == booking.pk)


def set_seconds(seconds: int) -> None:
    PolicySetting.objects.create(key="undo_seconds", value=seconds, effective_from=local_day(database_now()))


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
