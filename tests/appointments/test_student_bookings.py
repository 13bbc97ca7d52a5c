"""A student's pages about a booking, from checking it to the appointment itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from appointments.models import Booking
from appointments.operations.book import book_appointment
from appointments.operations.cancel import cancel_booking
from appointments.operations.choice import Details
from foundation.values.times import database_now
from tests.accounts.test_drafts import browser_of, send
from tests.appointments.student_browser import as_, booked, page_of, step, time_of
from tests.cast import Cast, assemble
from tests.factories import (
    AllocationPolicyFactory,
    AudienceFactory,
    StudentFactory,
    stored_booking,
)
from tests.page_parts import alerts, codes, empty_states, fields_at_fault, refusals, tree_of

pytestmark = pytest.mark.django_db


def test_booking_check_keeps_what_was_typed(cast: Cast) -> None:
    cast.type.topics, cast.type.questions = (
        ["Finding a direction"],
        [{"key": "employer", "label": "Employer", "required": True}],
    )
    cast.type.save()
    client = as_(cast.student)
    missing = client.post(step("booking_check", cast), {"help_wanted": "my CV"})
    assert missing.status_code == 422
    assert fields_at_fault(missing) == ["id_answer_employer"]
    assert codes(missing) == {"answer_employer": ["required"]}
    said = {"topic": "Finding a direction", "help_wanted": "my CV", "answer_employer": "Acme"}
    sent = client.post(step("booking_check", cast), said)
    assert sent.status_code == 302
    check = client.get(sent["Location"]).content.decode()
    for words in said.values():
        assert words in check
    again = client.get(step("booking_details", cast, 11)).content.decode()
    assert "my CV" in again
    assert "Acme" in again
    assert "my CV" not in sent["Location"]


def test_booking_create_twice_answers_with_the_same_booking(cast: Cast) -> None:
    client = as_(cast.student)
    check = client.post(step("booking_check", cast), {"help_wanted": "my CV"}, follow=True)
    hidden = check.context["hidden"]
    first, second = (client.post(step("booking_create", cast), hidden) for _ in range(2))
    assert first["Location"] == second["Location"] == page_of("booking_booked", Booking.objects.get())
    assert Booking.objects.get().help_wanted == "my CV"


@pytest.mark.policy("APPT-5")
def test_booking_booked_promises_a_reminder_only_where_one_is_waiting(cast: Cast) -> None:
    booking = booked(cast)
    answer = as_(cast.student).get(page_of("booking_booked", booking))
    assert [word.by_text for word in answer.context["coming"]] == [False, True]
    assert cast.student.email in answer.content.decode()
    cast.student.phone = ""
    cast.student.save()
    other = booked(cast, 11)
    coming = as_(cast.student).get(page_of("booking_booked", other)).context["coming"]
    assert [word.by_text for word in coming] == [False]


@pytest.mark.policy("APPT-5")
def test_booking_booked_promises_no_reminder_for_a_booking_at_short_notice(cast: Cast) -> None:
    start = database_now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=20)
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, start)
    assert not as_(cast.student).get(page_of("booking_booked", booking)).context["coming"]


def test_booking_calendar_is_a_calendar_file(cast: Cast) -> None:
    answer = as_(cast.student).get(page_of("booking_calendar", booked(cast)))
    assert answer["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in answer.content


@pytest.mark.policy("ELIG-2")
def test_booking_cancel_says_what_it_does_and_gives_it_back(cast: Cast) -> None:
    client, booking = as_(cast.student), booked(cast)
    asked = client.get(page_of("booking_cancel", booking))
    assert (asked.context["booking"].consumes, asked.context["shown"].gives_back) == (True, True)
    assert not alerts(asked)
    client.post(page_of("booking_cancel", booking))
    booking.refresh_from_db()
    assert booking.status == "cancelled"
    assert "3 of 3 left" in client.get(reverse("type_list")).content.decode()
    assert client.post(page_of("booking_cancel", booking)).status_code == 302


@pytest.mark.policy("ELIG-2")
def test_booking_cancel_warns_where_it_still_counts(cast: Cast) -> None:
    cast.type.cancel_notice_minutes = 60 * 24 * 30
    cast.type.save()
    client, booking = as_(cast.student), booked(cast)
    assert "It still counts" in client.get(page_of("booking_cancel", booking)).content.decode()
    client.post(page_of("booking_cancel", booking))
    assert "2 of 3 left" in client.get(reverse("type_list")).content.decode()


@pytest.mark.policy("ELIG-2")
@pytest.mark.parametrize("name", ["booking_cancel", "booking_move", "booking_prepare"])
def test_a_booking_cannot_be_changed_once_it_has_started(cast: Cast, name: str) -> None:
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now() - timedelta(minutes=1))
    client = as_(cast.student)
    for answer in (
        client.get(page_of(name, booking)),
        client.post(f"{page_of(name, booking)}?{time_of(cast)}", {"help_wanted": "x"}),
    ):
        assert answer.status_code == 409
        assert 'data-code="too_late"' in answer.content.decode()
    booking.refresh_from_db()
    assert booking.status == "booked"


def test_booking_move_keeps_the_type_and_what_was_typed(cast: Cast) -> None:
    booking = book_appointment(
        student=cast.student, choice=cast.choice(9), details=Details(help_wanted="my CV"), by=cast.student
    )
    client = as_(cast.student)
    assert "check/?start=" in client.get(page_of("booking_move", booking)).content.decode()
    to = time_of(cast, 11)
    check = client.get(f"{page_of('booking_move_check', booking)}?{to}").content.decode()
    assert f'action="{page_of("booking_move", booking)}' in check
    moved = client.post(f"{page_of('booking_move', booking)}?{to}", follow=True)
    assert moved.redirect_chain[-1][0] == page_of("booking_booked", booking)
    client.post(f"{page_of('booking_move', booking)}?{to}")
    booking.refresh_from_db()
    assert (booking.starts_at, booking.help_wanted, booking.sequence) == (cast.starts(11), "my CV", 1)


def test_a_booking_does_not_block_its_own_move(cast: Cast) -> None:
    cast.type.policies.set([AllocationPolicyFactory(limit=1, period="week")])
    booking = booked(cast)
    client = as_(cast.student)
    assert client.get(page_of("booking_move", booking)).context["page"].groups
    answer = client.post(f"{page_of('booking_move', booking)}?{time_of(cast, 9, 40)}")
    assert answer.status_code == 302


def test_what_was_written_beforehand_survives_the_end_of_a_session(cast: Cast, settings: Any) -> None:
    page = page_of("booking_prepare", booked(cast))
    typed = {"help_wanted": "Could somebody read my letter?", "access_needs": "A quiet room."}
    send(browser_of(cast.student, settings), page, page, typed)
    client = as_(cast.student)
    form = client.get(page).context["form"]
    assert {name: form[name].value() for name in typed} == typed
    assert client.post(page, typed).status_code == 302


def test_booking_prepare_changes_what_the_adviser_is_told(cast: Cast) -> None:
    booking = booked(cast)
    client = as_(cast.student)
    client.post(page_of("booking_prepare", booking), {"help_wanted": "an interview on Friday"})
    assert "an interview on Friday" in client.get(page_of("booking_detail", booking)).content.decode()


def test_booking_list_upcoming_past_and_empty(cast: Cast) -> None:
    client = as_(cast.student)
    for show in ({}, {"show": "past"}):
        assert empty_states(client.get(reverse("booking_list"), show)) == 1
    booking = booked(cast)
    stored_booking(
        cast.student, cast.adviser, cast.type, cast.room, database_now() - timedelta(days=9), status="missed"
    )
    upcoming = client.get(reverse("booking_list")).content.decode()
    assert page_of("booking_move", booking) in upcoming
    assert "Missed" not in upcoming
    assert "Missed" in client.get(reverse("booking_list"), {"show": "past"}).content.decode()


def test_booking_list_is_paged_and_asks_the_same_number_of_queries_at_one_and_three_rows(
    cast: Cast, django_assert_num_queries: object
) -> None:
    client = as_(cast.student)
    booked(cast, 9)
    with django_assert_num_queries(7):
        client.get(reverse("booking_list"))
    booked(cast, 11)
    booked(cast, 13)
    with django_assert_num_queries(7):
        client.get(reverse("booking_list"))
    for day in range(12):
        stored_booking(
            cast.student,
            cast.adviser,
            cast.type,
            cast.room,
            database_now() - timedelta(days=9 + day),
            status="attended",
        )
    second = client.get(reverse("booking_list"), {"show": "past", "page": "2"})
    assert len(second.context["cards"]) == 2


def test_a_lost_race_offers_the_nearest_times_and_keeps_what_was_typed(cast: Cast) -> None:
    client = as_(cast.student)
    check = client.post(step("booking_check", cast, 9, 40), {"help_wanted": "my CV"}, follow=True)
    booked(cast, 9, 40, student=cast.other_student)
    lost = client.post(step("booking_create", cast, 9, 40), check.context["hidden"])
    assert lost.status_code == 409
    assert 'data-code="time_taken"' in lost.content.decode()
    assert len(lost.context["alternatives"]) == 3
    onward = client.get(lost.context["alternatives"][0]["href"])
    assert onward.status_code == 200
    assert "my CV" in onward.content.decode()
    client.post(onward.context["chosen"] and step("booking_create", cast, 9), onward.context["hidden"])
    assert Booking.objects.get(student=cast.student).help_wanted == "my CV"


def test_a_student_refused_a_type_is_told_why(db: None) -> None:
    cast = assemble()
    cast.type.audience = AudienceFactory(rule={"course": {"level": ["postgraduate_research"]}})
    cast.type.save()
    answer = as_(StudentFactory()).get(reverse("time_list", args=[cast.type.slug]))
    assert answer.status_code == 409
    assert "This is for research postgraduates." in answer.content.decode()


def test_back_after_booking_shows_the_booking(cast: Cast) -> None:
    booking, client = booked(cast), as_(cast.student)
    shown = reverse("booking_detail", args=[booking.public_id])
    for name in ("booking_details", "booking_check"):
        answer = client.get(step(name, cast))
        assert (answer.status_code, answer.get("Location")) == (302, shown)
    other = as_(cast.other_student).get(step("booking_details", cast))
    assert refusals(other) == ["not_offered"], "somebody else’s booking is still a refusal"


def test_back_after_cancelling_shows_the_booking(cast: Cast) -> None:
    booking, client = booked(cast), as_(cast.student)
    cancel_booking(booking=booking, by=cast.student)
    for name in ("booking_cancel", "booking_move", "booking_prepare"):
        answer = client.get(reverse(name, args=[booking.public_id]))
        assert answer.get("Location") == reverse("booking_detail", args=[booking.public_id])


def test_moving_marks_the_students_own_time(cast: Cast) -> None:
    booking, client = booked(cast), as_(cast.student)
    moving = reverse("booking_move", args=[booking.public_id])

    def yours(**filters: str) -> list[str]:
        page = client.get(moving, {"day": str(cast.day), **filters}).context["page"]
        return [time["label"] for group in page.groups for time in group.times if time["yours"]]

    assert yours() == ["09:00"]
    assert yours(adviser=cast.adviser.public_id) == ["09:00"]
    assert yours(adviser=cast.other_adviser.public_id) == [], "with somebody else it would be a change"
    check = reverse("booking_move_check", args=[booking.public_id])
    assert client.get(f"{check}?{time_of(cast)}")["Location"] == reverse("booking_detail", args=[booking.public_id])
    assert client.get(f"{check}?{time_of(cast, 11)}").status_code == 200


def test_an_error_opens_its_fold(cast: Cast) -> None:
    client = as_(cast.student)
    closed = "//*[@id='id_access_needs']/ancestor::details[not(@open)]"
    assert tree_of(client.get(step("booking_details", cast))).xpath(closed)
    answer = client.post(step("booking_check", cast), {"access_needs": "x" * 1001})
    assert answer.status_code == 422
    assert fields_at_fault(answer) == ["id_access_needs"]
    assert not tree_of(answer).xpath(closed)
