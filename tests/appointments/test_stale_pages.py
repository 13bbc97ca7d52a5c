"""A page about a booking that somebody has changed meanwhile says so, keeps what was typed and asks once."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from appointments.models import Booking, BookingNote, BookingStatus
from appointments.operations.as_seen import VERBS
from appointments.operations.attendance import mark_attendance
from appointments.operations.cancel import cancel_booking
from appointments.operations.choice import Details
from appointments.operations.details import change_details
from appointments.operations.move import move_booking
from foundation.outcomes.versions import Changed
from foundation.values.times import database_now
from messaging.models import OutboxMessage
from tests.appointments.racing import race
from tests.appointments.student_browser import as_, booked, page_of, time_of
from tests.cast import Cast, assemble
from tests.factories import stored_booking
from tests.page_parts import hidden_version, refusals, told_codes

pytestmark = pytest.mark.django_db

CHANGED = ["changed_since"]


def moved(cast: Cast, booking: Booking, hour: int = 11, by: User | None = None) -> Booking:
    return move_booking(booking=booking, choice=cast.choice(hour), by=by or cast.adviser)


def shown(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def fresh(booking: Booking) -> Booking:
    return Booking.objects.with_people().get(pk=booking.pk)


def test_an_old_page_does_not_cancel_what_was_moved(cast: Cast) -> None:
    booking, client = booked(cast), as_(cast.student)
    old = hidden_version(client.get(page_of("booking_cancel", booking)))
    now = moved(cast, booking)
    answer = client.post(page_of("booking_cancel", booking), {"version": old})
    assert (answer.status_code, refusals(answer)) == (409, CHANGED)
    assert now.when in shown(answer)
    assert fresh(booking).status == BookingStatus.BOOKED
    assert client.post(page_of("booking_cancel", booking), {"version": hidden_version(answer)}).status_code == 302
    assert fresh(booking).status == BookingStatus.CANCELLED


def test_a_second_press_of_cancel_says_it_is_cancelled(cast: Cast) -> None:
    booking, client = booked(cast), as_(cast.student)
    version = {"version": hidden_version(client.get(page_of("booking_cancel", booking)))}
    first, second = (client.post(page_of("booking_cancel", booking), version) for _ in range(2))
    assert first["Location"] == second["Location"] == page_of("booking_detail", booking)
    assert OutboxMessage.objects.filter(kind="appointments.cancelled").count() == 1


def test_an_old_page_does_not_move_what_was_moved(cast: Cast) -> None:
    booking, client = booked(cast), as_(cast.student)
    there = f"?{time_of(cast, 13)}"
    old = hidden_version(client.get(page_of("booking_move_check", booking) + there))
    now = moved(cast, booking)
    answer = client.post(page_of("booking_move", booking) + there, {"version": old})
    assert (answer.status_code, refusals(answer)) == (409, CHANGED)
    assert now.when in shown(answer)
    assert fresh(booking).starts_at == cast.starts(11)
    again = client.post(page_of("booking_move", booking) + there, {"version": hidden_version(answer)})
    assert again.status_code == 302
    assert fresh(booking).starts_at == cast.starts(13)


def test_an_old_page_to_a_time_that_is_gone_says_that_the_booking_has_moved(cast: Cast) -> None:
    booking, client = booked(cast), as_(cast.student)
    there = f"?{time_of(cast, 13)}"
    old = hidden_version(client.get(page_of("booking_move_check", booking) + there))
    moved(cast, booking)
    booked(cast, 13, student=cast.other_student)
    answer = client.post(page_of("booking_move", booking) + there, {"version": old})
    assert (answer.status_code, refusals(answer)) == (409, CHANGED)
    assert fresh(booking).starts_at == cast.starts(11)


def test_the_same_move_sent_twice_moves_once(cast: Cast) -> None:
    booking = booked(cast)
    seen = [fresh(booking), fresh(booking)]
    for each in seen:
        each.seen_versions = [booking.version]
        assert moved(cast, each).starts_at == cast.starts(11)
    assert fresh(booking).sequence == 1
    assert OutboxMessage.objects.filter(kind="appointments.moved").count() == 1


def test_details_typed_on_an_old_page_stay_beside_what_was_saved(cast: Cast) -> None:
    booking, client = booked(cast), as_(cast.student)
    old = hidden_version(client.get(page_of("booking_prepare", booking)))
    change_details(booking=booking, details=Details(help_wanted="Saved on my phone"), by=cast.student)
    said = {"help_wanted": "Typed on my laptop"}
    answer = client.post(page_of("booking_prepare", booking), {**said, "version": old})
    assert (answer.status_code, refusals(answer)) == (409, CHANGED)
    assert "Saved on my phone" in shown(answer)
    assert "Typed on my laptop" in shown(answer)
    assert fresh(booking).help_wanted == "Saved on my phone"
    client.post(page_of("booking_prepare", booking), {**said, "version": hidden_version(answer)})
    assert fresh(booking).help_wanted == "Typed on my laptop"


def test_a_page_that_comes_back_for_another_reason_keeps_its_version(cast: Cast) -> None:
    booking, client = booked(cast), as_(cast.student)
    old = hidden_version(client.get(page_of("booking_prepare", booking)))
    change_details(booking=booking, details=Details(help_wanted="Saved on my phone"), by=cast.student)
    answer = client.post(page_of("booking_prepare", booking), {"help_wanted": "x" * 2001, "version": old})
    assert (answer.status_code, hidden_version(answer)) == (422, old)


def test_permission_to_record_can_be_withdrawn_from_any_page(cast: Cast) -> None:
    booking = booked(cast)
    before = booking.version
    Booking.objects.filter(pk=booking.pk).update(recording_permission=True)
    assert fresh(booking).version == before


def test_an_adviser_is_told_who_changed_the_booking(cast: Cast, client: Client) -> None:
    booking = booked(cast)
    client.force_login(cast.adviser)
    page = page_of("staff_booking_cancel", booking)
    old = hidden_version(client.get(page))
    moved(cast, booking, by=cast.manager)
    answer = client.post(page, {"who": "service", "reason": "The adviser is ill", "version": old})
    assert (answer.status_code, refusals(answer)) == (409, CHANGED)
    assert f"{cast.manager.name} moved it 1 second ago" in shown(answer).replace("2 seconds", "1 second")
    assert "The adviser is ill" in shown(answer)
    client.post(page, {"who": "service", "reason": "The adviser is ill", "version": hidden_version(answer)})
    assert fresh(booking).status == BookingStatus.CANCELLED_BY_SERVICE


def test_staff_do_not_move_what_was_moved(cast: Cast, client: Client) -> None:
    booking = booked(cast)
    client.force_login(cast.adviser)
    page = f"{page_of('staff_booking_move_check', booking)}?start={cast.starts(13).isoformat().replace('+00:00', 'Z')}"
    first = client.get(page)
    form = first.context["form"]
    said = {"start": form["start"].value(), "place": form.fields["place"].choices[0][0]}
    moved(cast, booking)
    answer = client.post(page, {**said, "version": hidden_version(first)})
    assert (answer.status_code, refusals(answer)) == (409, CHANGED)
    assert fresh(booking).starts_at == cast.starts(11)


def begun(cast: Cast) -> Booking:
    return stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now() - timedelta(minutes=5))


def test_a_note_is_kept_where_the_attendance_was_changed_meanwhile(cast: Cast, client: Client) -> None:
    booking = begun(cast)
    client.force_login(cast.adviser)
    old = hidden_version(client.get(page_of("staff_booking_detail", booking)))
    mark_attendance(booking=booking, outcome="arrived", by=cast.front_desk)
    said = {"outcome": "attended", "text": "A long note about the talk"}
    answer = client.post(page_of("staff_booking_close", booking), {**said, "version": old})
    assert (answer.status_code, refusals(answer)) == (409, CHANGED)
    assert "A long note about the talk" in shown(answer)
    assert f"{cast.front_desk.name} {VERBS['marked_arrived']}" in shown(answer)
    assert (fresh(booking).status, BookingNote.objects.count()) == (BookingStatus.ARRIVED, 0)
    client.post(page_of("staff_booking_close", booking), {**said, "version": hidden_version(answer)})
    assert (fresh(booking).status, BookingNote.objects.get().text) == (BookingStatus.ATTENDED, said["text"])


def test_an_old_list_does_not_mark_what_was_marked_meanwhile(cast: Cast, client: Client) -> None:
    booking = begun(cast)
    client.force_login(cast.adviser)
    address = f"{page_of('attendance_mark', booking)}?next={reverse('today')}"
    old = booking.version
    mark_attendance(booking=booking, outcome="arrived", by=cast.front_desk)
    answer = client.post(address, {"mark": "missed", "version": old}, follow=True)
    assert fresh(booking).status == BookingStatus.ARRIVED
    assert told_codes(answer) == ["has_arrived"]
    answer = client.post(address, {"mark": "attended", "version": old}, follow=True)
    assert fresh(booking).status == BookingStatus.ARRIVED
    assert told_codes(answer) == CHANGED


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_cancel_and_move_at_once_do_one_of_both(transactional_db: None) -> None:
    """The student cancels the time on the page while the adviser moves it: never a cancelled booking that was moved
    first, and never a moved one that nobody is told of."""
    cast = assemble()
    for _ in range(10):
        booking = booked(cast)
        seen, also = fresh(booking), fresh(booking)
        seen.seen_versions = also.seen_versions = [booking.version]
        cancelling = partial(cancel_booking, booking=seen, by=cast.student)
        moving = partial(move_booking, booking=also, choice=cast.choice(13), by=cast.adviser)
        outcome = race([cancelling, moving])
        assert not outcome.broken
        assert (len(outcome.done), len(outcome.refused)) == (1, 1)
        found = fresh(booking)
        if found.is_cancelled:
            assert outcome.codes == {"not_changeable"}
            assert found.starts_at == cast.starts(9)
        else:
            assert isinstance(outcome.refused[0], Changed)
            cancel_booking(booking=found, by=cast.student)
