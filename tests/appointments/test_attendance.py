"""Marking attendance: when, by whom and what follows; and undoing a mark."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, PolicySetting, User
from appointments.models import Booking, BookingNote
from appointments.operations.attendance import mark_attendance, reverse_attendance, write_note
from appointments.operations.book import count_use
from appointments.operations.cancel import cancel_booking
from appointments.operations.close import close_appointment
from eligibility.models import AllocationUse, Strike
from eligibility.rules.allocation import allocation_balance
from eligibility.selectors.student_facts import student_context
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now
from tests.cast import Cast
from tests.factories import stored_booking
from tests.page_parts import codes, fields_at_fault

pytestmark = pytest.mark.django_db


def begun(cast: Cast, ago: timedelta = timedelta(minutes=15), student: User | None = None) -> Booking:
    """A booking that began `ago`, counted against the allocation."""
    student = student or cast.student
    booking = stored_booking(student, cast.adviser, cast.type, cast.room, database_now() - ago)
    count_use(booking, cast.type, student, student_context(student.pk))
    return booking


def ahead(cast: Cast, by: timedelta) -> Booking:
    return stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now() + by)


def used(cast: Cast, on: datetime) -> int:
    context = student_context(cast.student.pk)
    return allocation_balance(cast.policy, context.facts, on.date(), context.calendar).used


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code


@pytest.mark.parametrize("outcome", ["attended", "late", "missed"])
def test_how_it_went_is_not_marked_before_the_start(cast: Cast, outcome: str) -> None:
    booking = ahead(cast, timedelta(minutes=5))
    with pytest.raises(Refused) as refused:
        mark_attendance(booking=booking, outcome=outcome, by=cast.adviser)
    assert code_of(refused) == "not_begun"
    booking.refresh_from_db()
    assert booking.status == "booked"


def test_an_arrival_is_marked_from_two_hours_before(cast: Cast) -> None:
    early = ahead(cast, timedelta(hours=2, minutes=5))
    with pytest.raises(Refused) as refused:
        mark_attendance(booking=early, outcome="arrived", by=cast.front_desk)
    assert code_of(refused) == "not_begun"
    early.delete()
    arrived = mark_attendance(booking=ahead(cast, timedelta(minutes=110)), outcome="arrived", by=cast.front_desk)
    assert (arrived.status, arrived.arrived_at is not None) == ("arrived", True)


def test_a_student_who_arrived_cannot_be_marked_missed(cast: Cast) -> None:
    booking = mark_attendance(booking=begun(cast), outcome="arrived", by=cast.front_desk)
    with pytest.raises(Refused) as refused:
        mark_attendance(booking=booking, outcome="missed", by=cast.adviser)
    assert code_of(refused) == "has_arrived"


def test_late_is_attended_with_the_minutes_that_are_stated(cast: Cast) -> None:
    late = mark_attendance(booking=begun(cast, timedelta(hours=3)), outcome="late", by=cast.adviser, minutes_late=7)
    assert (late.status, late.minutes_late) == ("attended", 7)


@pytest.mark.parametrize(("minutes", "code"), [(None, "lateness_needed"), (0, "lateness_impossible")])
def test_lateness_is_never_the_moment_of_a_click(cast: Cast, minutes: int | None, code: str) -> None:
    booking = begun(cast, timedelta(hours=1))
    Booking.objects.filter(pk=booking.pk).update(status="arrived", arrived_at=booking.starts_at + timedelta(minutes=12))
    with pytest.raises(Refused) as refused:
        mark_attendance(booking=booking, outcome="late", by=cast.adviser, minutes_late=minutes)
    assert (code_of(refused), refused.value.status, refused.value.field) == (code, 422, "minutes_late")


def test_nobody_is_later_than_the_appointment_is_long(cast: Cast) -> None:
    booking = begun(cast)
    with pytest.raises(Refused) as refused:
        mark_attendance(booking=booking, outcome="late", by=cast.adviser, minutes_late=booking.minutes + 1)
    assert code_of(refused) == "lateness_impossible"
    booking.type.late_after_minutes = 0  # so that nobody comes too late
    booking.type.save()
    late = mark_attendance(booking=booking, outcome="late", by=cast.adviser, minutes_late=booking.minutes)
    assert (late.status, late.minutes_late) == ("attended", booking.minutes)


def test_an_arrival_is_marked_until_the_end(cast: Cast) -> None:
    """Afterwards it would record the time of a click as the time when somebody came."""
    with pytest.raises(Refused) as refused:
        mark_attendance(booking=begun(cast, timedelta(hours=3)), outcome="arrived", by=cast.front_desk)
    assert code_of(refused) == "has_ended"


def test_closing_suggests_the_lateness_of_a_recorded_arrival(cast: Cast, client: Client) -> None:
    booking = begun(cast, timedelta(minutes=20))
    Booking.objects.filter(pk=booking.pk).update(
        status="arrived", arrived_at=booking.starts_at + timedelta(minutes=12, seconds=30)
    )
    client.force_login(cast.adviser)
    form = client.get(reverse("staff_booking_detail", args=[booking.public_id])).context["close_form"]
    assert (form["late_by"].value(), form["minutes_late"].value(), form["outcome"].value()) == ("other", 12, "")


def test_an_untouched_closing_form_records_nothing(cast: Cast, client: Client) -> None:
    booking = begun(cast)
    client.force_login(cast.adviser)
    page, url = (reverse(name, args=[booking.public_id]) for name in ("staff_booking_detail", "staff_booking_close"))
    untouched = {field.name: field.value() or "" for field in client.get(page).context["close_form"]}
    answer = client.post(url, {**untouched, "text": "Good talk"})
    assert (answer.status_code, codes(answer, "close_form")) == (422, {"outcome": ["required"]})
    assert answer.context["close_form"]["text"].value() == "Good talk"
    booking.refresh_from_db()
    assert booking.status == "booked"


@pytest.mark.parametrize(
    ("said", "minutes", "status"),
    [
        ({"late_by": "5"}, 5, "attended"),
        ({"late_by": "10", "minutes_late": "3"}, 10, "attended"),
        ({"late_by": "15", "minutes_late": "3"}, 15, "missed"),
        ({"late_by": "other", "minutes_late": "9"}, 9, "attended"),
        ({"minutes_late": "9"}, 9, "attended"),
    ],
)
def test_closing_states_how_late(cast: Cast, client: Client, said: dict[str, str], minutes: int, status: str) -> None:
    booking = begun(cast)
    client.force_login(cast.adviser)
    client.post(reverse("staff_booking_close", args=[booking.public_id]), {"outcome": "late", **said})
    booking.refresh_from_db()
    assert (booking.status, booking.minutes_late) == (status, minutes)


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({}, "late_by", "lateness_needed"),
        ({"late_by": "other"}, "minutes_late", "lateness_needed"),
        ({"late_by": "other", "minutes_late": "466"}, "minutes_late", "lateness_impossible"),
        ({"late_by": "other", "minutes_late": "0"}, "minutes_late", "min_value"),
    ],
)
def test_closing_asks_how_late(cast: Cast, client: Client, said: dict[str, str], field: str, code: str) -> None:
    booking = begun(cast)
    client.force_login(cast.adviser)
    answer = client.post(
        reverse("staff_booking_close", args=[booking.public_id]), {"outcome": "late", "text": "Good talk", **said}
    )
    assert answer.status_code in (409, 422)
    assert code in codes(answer, "close_form").get(field, [])
    assert answer.context["close_form"]["text"].value() == "Good talk"
    booking.refresh_from_db()
    assert booking.status == "booked"


@pytest.mark.parametrize("outcome", ["attended", "missed"])
def test_who_is_not_late_has_no_lateness(cast: Cast, client: Client, outcome: str) -> None:
    booking = begun(cast)
    client.force_login(cast.adviser)
    client.post(reverse("staff_booking_close", args=[booking.public_id]), {"outcome": outcome, "late_by": "5"})
    booking.refresh_from_db()
    assert (booking.status, booking.minutes_late) == (outcome, None)


@pytest.mark.parametrize("outcome", ["attended", "late", "missed"])
def test_the_front_desk_marks_arrivals_only(cast: Cast, outcome: str) -> None:
    with pytest.raises(Refused) as refused:
        mark_attendance(booking=begun(cast), outcome=outcome, by=cast.front_desk)
    assert (code_of(refused), refused.value.status) == ("not_yours", 403)


@pytest.mark.policy("APPT-4")
@pytest.mark.parametrize("role", ["student", "outsider", "administrator"])
def test_nobody_but_careers_staff_marks(cast: Cast, role: str) -> None:
    with pytest.raises(Refused) as refused:
        mark_attendance(booking=begun(cast), outcome="attended", by=getattr(cast, role))
    assert code_of(refused) == "not_yours"


def test_a_cancelled_appointment_is_not_marked(cast: Cast) -> None:
    booking = begun(cast)
    cancel_booking(booking=booking, by=cast.adviser, by_service=True)
    with pytest.raises(Refused) as refused:
        mark_attendance(booking=booking, outcome="attended", by=cast.adviser)
    assert code_of(refused) == "already_marked"


@pytest.mark.policy("ELIG-2", "ELIG-3")
def test_missed_keeps_counting_and_places_a_strike(cast: Cast) -> None:
    booking = begun(cast)
    assert used(cast, booking.starts_at) == 1
    mark_attendance(booking=booking, outcome="missed", by=cast.adviser)
    assert used(cast, booking.starts_at) == 1
    assert AllocationUse.objects.get(source_id=booking.public_id).consumes
    strike = Strike.objects.get(source_id=booking.public_id)
    assert (strike.student, strike.on, strike.excused_at) == (cast.student, booking.local_date, None)


@pytest.mark.policy("ELIG-3")
def test_undoing_a_missed_mark_removes_only_its_strike(cast: Cast) -> None:
    other = begun(cast, timedelta(hours=5))
    booking = begun(cast)
    for missed in (other, booking):
        mark_attendance(booking=missed, outcome="missed", by=cast.adviser)
    back = reverse_attendance(booking=booking, reason="wrong student", by=cast.adviser)
    assert (back.status, back.ended_at, back.status_reason) == ("booked", None, "wrong student")
    assert [strike.source_id for strike in Strike.objects.all()] == [other.public_id]
    assert mark_attendance(booking=back, outcome="attended", by=cast.adviser).status == "attended"


@pytest.mark.policy("ELIG-3")
def test_a_miss_never_places_a_hold_by_itself(cast: Cast) -> None:
    for hours in (5, 10, 15):
        mark_attendance(booking=begun(cast, timedelta(hours=hours)), outcome="missed", by=cast.adviser)
    assert not cast.student.holds.exists()


def test_a_mark_cannot_be_undone_without_a_reason(cast: Cast) -> None:
    booking = mark_attendance(booking=begun(cast), outcome="attended", by=cast.adviser)
    with pytest.raises(Refused) as refused:
        reverse_attendance(booking=booking, reason="  ", by=cast.adviser)
    assert code_of(refused) == "reason_needed"


@pytest.mark.policy("ELIG-2")
def test_a_mark_can_be_undone_for_the_configured_days(cast: Cast) -> None:
    booking = begun(cast, timedelta(days=3))
    mark_attendance(booking=booking, outcome="missed", by=cast.adviser)
    PolicySetting.objects.create(
        key="missed_reopen_days", value=2, effective_from=database_now().date() - timedelta(days=1), set_by=cast.manager
    )
    with pytest.raises(Refused) as refused:
        reverse_attendance(booking=booking, reason="a mistake", by=cast.adviser)
    assert code_of(refused) == "too_late"
    assert Strike.objects.filter(source_id=booking.public_id).exists()


def test_the_front_desk_undoes_arrivals_only(cast: Cast) -> None:
    arrived = mark_attendance(booking=begun(cast), outcome="arrived", by=cast.front_desk)
    assert reverse_attendance(booking=arrived, reason="another Amara", by=cast.front_desk).status == "booked"
    mark_attendance(booking=arrived, outcome="attended", by=cast.adviser)
    with pytest.raises(Refused) as refused:
        reverse_attendance(booking=arrived, reason="no", by=cast.front_desk)
    assert code_of(refused) == "not_yours"


@pytest.mark.policy("ELIG-2")
def test_cancelling_after_the_start_is_for_the_service_alone(cast: Cast) -> None:
    booking = begun(cast)
    with pytest.raises(Refused) as refused:
        cancel_booking(booking=booking, by=cast.adviser)
    assert code_of(refused) == "too_late"
    cancel_booking(booking=booking, by=cast.adviser, by_service=True)
    assert used(cast, booking.starts_at) == 0


def test_closing_writes_attendance_note_and_next_step_or_nothing(cast: Cast) -> None:
    booking = begun(cast)
    close_appointment(booking=booking, outcome="attended", by=cast.adviser, text="Talked.", next_step="Apply by May.")
    note = BookingNote.objects.get()
    assert (note.booking, note.text, note.next_step, note.by) == (booking, "Talked.", "Apply by May.", cast.adviser)
    with pytest.raises(Refused):
        close_appointment(booking=booking, outcome="attended", by=cast.adviser, text="Again.")
    assert BookingNote.objects.count() == 1
    too_early = ahead(cast, timedelta(minutes=30))
    with pytest.raises(Refused):
        close_appointment(booking=too_early, outcome="attended", by=cast.adviser, text="Too early.")
    assert BookingNote.objects.count() == 1


@pytest.mark.policy("DATA-6")
@pytest.mark.parametrize("role", ["front_desk", "student", "outsider", "administrator"])
def test_notes_are_for_advisers_and_managers(cast: Cast, role: str) -> None:
    booking = begun(cast)
    write_note(booking=booking, text="In confidence.", next_step="", by=cast.adviser)
    person = getattr(cast, role)
    assert not BookingNote.objects.visible_to(person).exists()
    with pytest.raises(Refused) as refused:
        write_note(booking=booking, text="Me too.", next_step="", by=person)
    assert refused.value.status == 403


@pytest.mark.policy("DATA-6")
def test_the_audit_trail_holds_no_words_of_a_note(cast: Cast) -> None:
    booking = begun(cast)
    close_appointment(booking=booking, outcome="attended", by=cast.adviser, text="In confidence.", next_step="Rest.")
    entries = AuditEntry.objects.filter(subject_id=booking.public_id)
    assert [entry.action for entry in entries.order_by("pk")] == ["marked_attended", "note_written"]
    assert "confidence" not in str(list(entries.values()))


def test_attendance_mark(cast: Cast, client: Client) -> None:
    booking = begun(cast)
    client.force_login(cast.adviser)
    url = reverse("attendance_mark", args=[booking.public_id])
    back = f"{reverse('today')}?adviser=all"
    answer = client.post(f"{url}?next=%2Fstaff%2Ftoday%2F%3Fadviser%3Dall", {"mark": "attended"})
    assert (answer.status_code, answer.url) == (302, back)
    booking.refresh_from_db()
    assert booking.status == "attended"


def test_attendance_mark_refused(cast: Cast, client: Client) -> None:
    booking = ahead(cast, timedelta(hours=5))
    client.force_login(cast.adviser)
    answer = client.post(reverse("attendance_mark", args=[booking.public_id]), {"mark": "attended"})
    assert answer.status_code == 409
    assert 'data-code="not_begun"' in answer.content.decode()


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_attendance_mark_redirects_only_within_the_site(cast: Cast, client: Client, back: str) -> None:
    booking = begun(cast)
    client.force_login(cast.adviser)
    url = reverse("attendance_mark", args=[booking.public_id])
    answer = client.post(url, {"mark": "arrived"}, query_params={"next": back})
    assert answer.url == reverse("staff_booking_detail", args=[booking.public_id])


def test_attendance_mark_answers_the_front_desk_403(cast: Cast, client: Client) -> None:
    booking = begun(cast)
    client.force_login(cast.front_desk)
    url = reverse("attendance_mark", args=[booking.public_id])
    assert client.post(url, {"mark": "missed"}).status_code == 403
    assert client.post(url, {"mark": "arrived"}).status_code == 302


def test_attendance_reverse(cast: Cast, client: Client) -> None:
    booking = mark_attendance(booking=begun(cast), outcome="missed", by=cast.adviser)
    client.force_login(cast.adviser)
    url = reverse("attendance_reverse", args=[booking.public_id])
    empty = client.post(url, {"reason": ""})
    assert empty.status_code == 422
    assert fields_at_fault(empty) == ["id_reason"]
    assert codes(empty, "reverse_form") == {"reason": ["required"]}
    assert client.post(url, {"reason": "wrong row"}).status_code == 302
    booking.refresh_from_db()
    assert booking.status == "booked"


def test_staff_booking_close(cast: Cast, client: Client) -> None:
    booking = begun(cast)
    client.force_login(cast.adviser)
    url = reverse("staff_booking_close", args=[booking.public_id])
    step_alone = client.post(url, {"outcome": "attended", "next_step": "Apply"})
    assert step_alone.status_code == 422
    answer = client.post(url, {"outcome": "late", "minutes_late": "9", "text": "Good talk", "next_step": "Apply"})
    assert answer.status_code == 302
    booking.refresh_from_db()
    assert (booking.status, booking.minutes_late, booking.notes.get().next_step) == ("attended", 9, "Apply")


@pytest.mark.policy("DATA-6")
def test_note_create(cast: Cast, client: Client) -> None:
    booking = begun(cast)
    write_note(booking=booking, text="Worried about money.", next_step="", by=cast.adviser)
    page, url = (reverse(name, args=[booking.public_id]) for name in ("staff_booking_detail", "note_create"))
    client.force_login(cast.front_desk)
    assert "Worried about money." not in client.get(page).content.decode()
    assert client.post(url, {"text": "Hello"}).status_code == 404
    for role in ("adviser", "other_adviser", "manager"):
        client.force_login(getattr(cast, role))
        assert "Worried about money." in client.get(page).content.decode()
    assert client.post(url, {"text": ""}).status_code == 422
    assert client.post(url, {"text": "Referred."}).status_code == 302
    assert booking.notes.count() == 2
