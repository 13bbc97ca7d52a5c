"""Forged, outdated and malformed input to the student's pages gets a 4xx with its code and writes nothing."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from appointments.models import Booking
from appointments.selectors.student_times import moment_text
from foundation.values.times import database_now
from messaging.models import OutboxMessage
from tests.appointments.student_browser import as_, booked, page_of
from tests.cast import Cast
from tests.page_parts import fields_at_fault

pytestmark = pytest.mark.django_db

Forge = Callable[[Cast], dict[str, str]]

BAD_TIMES: dict[str, tuple[Forge, int, str]] = {
    "no start": (lambda cast: {"start": ""}, 400, "time_unreadable"),
    "a start that is no time": (lambda cast: {"start": "tomorrow"}, 400, "time_unreadable"),
    "a start without an offset": (lambda cast: {"start": "2026-12-02T09:00:00"}, 400, "time_unreadable"),
    "a start in another age": (lambda cast: {"start": "9999-12-31T23:59:59Z"}, 400, "time_unreadable"),
    "a past start": (lambda cast: {"start": moment_text(database_now() - timedelta(days=1))}, 409, "in_the_past"),
    "a start beyond the horizon": (
        lambda cast: {"start": moment_text(cast.starts(9) + timedelta(days=200))},
        409,
        "too_far_ahead",
    ),
    "off the grid": (lambda cast: {"start": moment_text(cast.starts(9, 7))}, 409, "not_offered"),
    "outside any block": (lambda cast: {"start": moment_text(cast.starts(20))}, 409, "not_offered"),
    "an unknown adviser": (lambda cast: {"adviser": "zzzzzzzzzzzz"}, 409, "not_offered"),
    "an adviser who is none": (lambda cast: {"adviser": cast.outsider.public_id}, 409, "not_offered"),
    "an adviser in another room": (lambda cast: {"adviser": cast.other_adviser.public_id}, 409, "not_offered"),
    "an unknown place": (lambda cast: {"location": "zzzzzzzzzzzz"}, 409, "not_offered"),
    "an adviser id too long": (lambda cast: {"adviser": "z" * 500}, 400, "time_unreadable"),
    "an unknown mode": (lambda cast: {"mode": "by_post"}, 400, "time_unreadable"),
    "a mode that the place has not": (lambda cast: {"mode": "online"}, 409, "not_offered"),
}


def query(cast: Cast, **other: str) -> str:
    asked = {
        "start": moment_text(cast.starts(9)),
        "adviser": cast.adviser.public_id,
        "mode": "in_person",
        "location": cast.room.public_id,
    }
    return urlencode({**asked, **other})


def nothing_written(before: tuple[int, int, int]) -> bool:
    return rows() == before


def rows() -> tuple[int, int, int]:
    return Booking.objects.count(), OutboxMessage.objects.count(), AuditEntry.objects.exclude(subject="sign_in").count()


@pytest.mark.parametrize("case", BAD_TIMES)
@pytest.mark.parametrize("page", ["booking_details", "booking_check", "booking_create"])
def test_bad_times_are_refused(cast: Cast, case: str, page: str) -> None:
    forge, status, code = BAD_TIMES[case]
    client, before = as_(cast.student), rows()
    url = f"{reverse(page, args=[cast.type.slug])}?{query(cast, **forge(cast))}"
    answer = client.get(url) if page == "booking_details" else client.post(url, {"help_wanted": "x"})
    assert answer.status_code == status
    assert f'data-code="{code}"' in answer.content.decode()
    assert nothing_written(before)


@pytest.mark.parametrize("case", BAD_TIMES)
def test_bad_times_do_not_move_a_booking(cast: Cast, case: str) -> None:
    forge, status, code = BAD_TIMES[case]
    booking = booked(cast, 11)
    client, before = as_(cast.student), rows()
    for answer in (
        client.get(f"{page_of('booking_move_check', booking)}?{query(cast, **forge(cast))}"),
        client.post(f"{page_of('booking_move', booking)}?{query(cast, **forge(cast))}"),
    ):
        assert answer.status_code == status
        assert f'data-code="{code}"' in answer.content.decode()
    assert nothing_written(before)


@pytest.mark.parametrize("page", ["time_list", "booking_details", "booking_check"])
def test_a_type_no_longer_offered(cast: Cast, page: str) -> None:
    cast.type.is_offered = False
    cast.type.save()
    answer = as_(cast.student).get(f"{reverse(page, args=[cast.type.slug])}?{query(cast)}")
    assert answer.status_code == 409
    assert 'data-code="type_not_offered"' in answer.content.decode()


def test_a_type_no_longer_offered_is_not_booked(cast: Cast) -> None:
    cast.type.is_offered = False
    cast.type.save()
    before = rows()
    answer = as_(cast.student).post(f"{reverse('booking_create', args=[cast.type.slug])}?{query(cast)}", {})
    assert answer.status_code == 409
    assert nothing_written(before)


@pytest.mark.parametrize("page", ["time_list", "booking_details", "booking_check", "booking_create"])
def test_unknown_types_are_not_found(cast: Cast, page: str) -> None:
    assert as_(cast.student).get(reverse(page, args=["nothing"])).status_code == 404


@pytest.mark.parametrize("page", ["booking_detail", "booking_move", "booking_cancel", "booking_calendar"])
def test_unknown_bookings_are_not_found(cast: Cast, page: str) -> None:
    assert as_(cast.student).get(reverse(page, args=["zzzzzzzzzzzz"])).status_code == 404


@pytest.mark.parametrize(
    "said",
    [
        {"help_wanted": "x" * 2001},
        {"access_needs": "x" * 1001},
        {"topic": "Something else"},
        {"answer_employer": "x" * 501},
        {"help_wanted": "nul\x00byte"},
    ],
    ids=["help", "access", "topic", "answer", "nul"],
)
@pytest.mark.parametrize("page", ["booking_check", "booking_create"])
def test_bad_details_are_shown_again(cast: Cast, page: str, said: dict[str, str]) -> None:
    cast.type.topics, cast.type.questions = ["Finding a direction"], [{"key": "employer", "label": "Employer"}]
    cast.type.save()
    before = rows()
    answer = as_(cast.student).post(f"{reverse(page, args=[cast.type.slug])}?{query(cast)}", said)
    assert answer.status_code == 422
    assert fields_at_fault(answer) == [f"id_{name}" for name in said]
    assert nothing_written(before)


@pytest.mark.parametrize("key", ["k" * 81, "k\x00"], ids=["too long", "nul"])
def test_a_forged_key_is_refused(cast: Cast, key: str) -> None:
    before = rows()
    url = f"{reverse('booking_create', args=[cast.type.slug])}?{query(cast)}"
    answer = as_(cast.student).post(url, {"key": key})
    assert answer.status_code == 400
    assert 'data-code="key_unreadable"' in answer.content.decode()
    assert nothing_written(before)
