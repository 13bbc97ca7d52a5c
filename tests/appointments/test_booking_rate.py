"""Limits on how often one student may book, move and cancel, for pages, API and all tokens together (ELIG-2)."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connection

from accounts.models import PolicySetting, User
from accounts.rules.policy import policy_from
from appointments.models import Booking
from appointments.operations.book import book_appointment
from appointments.operations.cancel import cancel_booking
from appointments.operations.choice import Choice, Details
from appointments.operations.move import move_booking
from appointments.rules.booking import wait_for_change
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now, local_day
from tests.appointments.api_cast import Program, five_fields, problem
from tests.appointments.racing import race
from tests.appointments.student_browser import as_, step
from tests.cast import Cast, assemble

pytestmark = pytest.mark.django_db

NOW = datetime.fromisoformat("2026-12-02T09:00:00+00:00")


def limit(ten_minutes: int = 3, day: int = 60) -> None:
    for key, value in (("booking_changes_ten_minutes", ten_minutes), ("booking_changes_a_day", day)):
        PolicySetting.objects.create(key=key, value=value, effective_from=local_day(database_now()))


def book(cast: Cast, hour: int, minute: int = 0, by: User | None = None) -> Booking:
    choice = cast.choice(hour, minute)
    return book_appointment(student=cast.student, choice=choice, details=Details(), by=by or cast.student)


def changed(cast: Cast, times: int, ago: timedelta = timedelta(0), by: User | None = None) -> None:
    """Audit entries as if the student had booked `times` times, `ago`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_auditentry (at, actor_id, action, subject, subject_id, student_id, details) "
            "SELECT %s, %s, 'booked', 'booking', 'x', %s, '{}' FROM generate_series(1, %s)",
            [database_now() - ago, (by or cast.student).pk, cast.student.pk, times],
        )


def code_of(deed: partial[Booking]) -> str:
    try:
        deed()
    except Refused as refused:
        return refused.code
    return ""


def test_booking_moving_and_cancelling_count_together(cast: Cast) -> None:
    limit(3)
    booking = book(cast, 9)
    move_booking(booking=booking, choice=cast.choice(9, 40), by=cast.student)
    cancel_booking(booking=booking, by=cast.student)
    with pytest.raises(Refused) as refused:
        book(cast, 10, 20)
    assert (refused.value.code, refused.value.status) == ("too_many_changes", 429)
    assert 0 < int(refused.value.headers["Retry-After"]) <= 600
    assert Booking.objects.count() == 1


def test_moving_is_refused_too_and_cancelling_never(cast: Cast) -> None:
    limit(3)
    booking = book(cast, 9)
    changed(cast, 5)
    assert code_of(partial(move_booking, booking=booking, choice=cast.choice(9, 40), by=cast.student)) == (
        "too_many_changes"
    )
    assert cancel_booking(booking=booking, by=cast.student).status == "cancelled"


def test_all_tokens_and_pages_count_together(cast: Cast) -> None:
    limit(3)
    first, second = Program(cast.student), Program(cast.student)
    made = first.post("/bookings/", five_fields(cast.choice(9))).json()
    assert second.post(f"/bookings/{made['id']}/cancel/").status_code == 200
    assert second.post("/bookings/", five_fields(cast.choice(9))).status_code == 201
    answer = first.post("/bookings/", five_fields(cast.choice(9, 40)))
    assert problem(answer, 429)["code"] == "too_many_changes"
    assert 0 < int(answer["Retry-After"]) <= 600
    page = as_(cast.student).post(step("booking_create", cast, 9, 40), {"key": "a"})
    assert (page.status_code, page.context["refused"].code) == (429, "too_many_changes")
    assert 0 < int(page["Retry-After"]) <= 600
    assert Booking.objects.count() == 2


def test_repeating_an_idempotency_key_is_never_refused(cast: Cast) -> None:
    limit(3)
    program, key = Program(cast.student), {"Idempotency-Key": "k1"}
    made = program.post("/bookings/", five_fields(cast.choice(9)), headers=key).json()
    changed(cast, 5)
    again = program.post("/bookings/", five_fields(cast.choice(9)), headers=key)
    assert (again.status_code, again.json()["id"]) == (201, made["id"])


def test_staff_are_not_limited_and_do_not_count(cast: Cast) -> None:
    limit(3)
    changed(cast, 5, by=cast.front_desk)
    assert book(cast, 9)
    changed(cast, 5)
    assert code_of(partial(book, cast, 9, 40)) == "too_many_changes"
    assert book(cast, 9, 40, by=cast.front_desk)


def test_another_student_is_not_limited(cast: Cast) -> None:
    limit(3)
    changed(cast, 5)
    choice = cast.choice(9)
    assert book_appointment(student=cast.other_student, choice=choice, details=Details(), by=cast.other_student)


@pytest.mark.parametrize(("ago", "code"), [(timedelta(minutes=9), "too_many_changes"), (timedelta(minutes=11), "")])
def test_booking_is_possible_again_after_ten_minutes(cast: Cast, ago: timedelta, code: str) -> None:
    limit(3)
    changed(cast, 3, ago)
    assert code_of(partial(book, cast, 9)) == code


@pytest.mark.parametrize(("ago", "code"), [(timedelta(hours=23), "too_many_changes"), (timedelta(hours=25), "")])
def test_a_day_has_a_limit_too(cast: Cast, ago: timedelta, code: str) -> None:
    limit(day=5)
    changed(cast, 5, ago)
    assert code_of(partial(book, cast, 9)) == code


@pytest.mark.parametrize(
    ("minutes_ago", "wait"),
    [([], 0), ([0] * 19, 0), ([0] * 20, 10), ([1] * 20, 9), ([10] * 20, 0), ([0] * 5 + [8] * 15, 2), ([30] * 60, 1410)],
)
def test_how_long_to_wait(minutes_ago: list[int], wait: int) -> None:
    """With the default limits: 20 in ten minutes, 60 a day."""
    times = [NOW - timedelta(minutes=each) for each in minutes_ago]
    assert wait_for_change(times, NOW, policy_from({})) == timedelta(minutes=wait)


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_cannot_both_be_the_last_allowed() -> None:
    cast = assemble()
    limit(3)
    changed(cast, 2)
    choices: list[Choice] = [cast.choice(9, 0), cast.choice(9, 40), cast.choice(10, 20), cast.choice(11, 0)]
    book_one = partial(book_appointment, student=cast.student, details=Details(), by=cast.student)
    outcome = race([partial(book_one, choice=choice) for choice in choices])
    assert outcome.broken == []
    assert len(outcome.done) == 1
    assert "too_many_changes" in outcome.codes
