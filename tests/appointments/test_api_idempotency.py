"""One key makes one booking: sent twice, sent with other data, sent eight times at once."""

from functools import partial
from typing import Any

import pytest

from accounts.models import IdempotencyKey
from appointments.models import Booking
from messaging.models import OutboxMessage
from tests.appointments.api_cast import Program, five_fields, problem
from tests.appointments.racing import race
from tests.cast import Cast, assemble
from tests.factories import StudentFactory

KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


@pytest.mark.django_db
def test_the_same_key_has_the_same_answer(cast: Cast) -> None:
    program, body = Program(cast.student), five_fields(cast.choice(9)) | {"help_wanted": "CV"}
    first, second = (program.post("/bookings/", body, KEY) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert Booking.objects.count() == IdempotencyKey.objects.count() == 1
    assert OutboxMessage.objects.filter(kind="appointments.booked").count() == 1


@pytest.mark.django_db
def test_the_same_moment_in_another_zone_is_the_same_request(cast: Cast) -> None:
    program, body = Program(cast.student), five_fields(cast.choice(9))
    first = program.post("/bookings/", body, KEY)
    body["start"] = body["start"].replace("+00:00", "Z")
    body["type"] = cast.type.slug
    assert program.post("/bookings/", body, KEY).json() == first.json()


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"help_wanted": "Else"}, {"start": 11}, {"location": "online", "mode": "online"}])
def test_the_same_key_for_another_request_is_refused(cast: Cast, change: dict[str, Any]) -> None:
    program, body = Program(cast.student), five_fields(cast.choice(9))
    program.post("/bookings/", body, KEY)
    if "start" in change:
        change = {"start": cast.starts(11).isoformat()}
    if "location" in change:
        change = change | {"location": cast.online.public_id}
    assert problem(program.post("/bookings/", body | change, KEY), 422)["code"] == "idempotency_key_reused"
    assert Booking.objects.count() == 1


@pytest.mark.django_db
def test_another_override_is_another_request(cast: Cast) -> None:
    program, body = Program(cast.manager), five_fields(cast.choice(9)) | {"student": cast.student.public_id}
    program.post("/bookings/", body | {"override": {"reason": "Interview"}}, KEY)
    changed = program.post("/bookings/", body | {"override": {"reason": "Interview", "counts": False}}, KEY)
    assert problem(changed, 422)["code"] == "idempotency_key_reused"


@pytest.mark.django_db
def test_a_key_is_ones_own(cast: Cast) -> None:
    Program(cast.student).post("/bookings/", five_fields(cast.choice(9)), KEY)
    assert Program(cast.other_student).post("/bookings/", five_fields(cast.choice(11)), KEY).status_code == 201


@pytest.mark.django_db
def test_a_refusal_is_not_kept(cast: Cast) -> None:
    """Nothing was written, so a retry with the same key may succeed once the reason for the refusal is gone."""
    program, body = Program(cast.student), five_fields(cast.choice(9))
    cast.type.is_offered = False
    cast.type.save()
    assert problem(program.post("/bookings/", body, KEY), 409)["code"] == "type_not_offered"
    cast.type.is_offered = True
    cast.type.save()
    assert program.post("/bookings/", body, KEY).status_code == 201


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_eight_at_once_make_one_booking() -> None:
    cast = assemble()
    body = five_fields(cast.choice(9))
    outcome = race([partial(Program(cast.student).post, "/bookings/", body, KEY) for _ in range(8)])
    assert not outcome.broken
    answers: list[Any] = outcome.done
    assert [answer.status_code for answer in answers] == [201] * 8, [answer.content for answer in answers]
    assert len({answer.content for answer in answers}) == 1
    assert Booking.objects.count() == 1
    assert OutboxMessage.objects.filter(kind="appointments.booked").count() == 1


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_twenty_for_one_time_are_one_booking_and_nineteen_offers() -> None:
    cast = assemble()
    from_each = [Program(person) for person in _students(20)]
    outcome = race([partial(program.post, "/bookings/", five_fields(cast.choice(9))) for program in from_each])
    assert not outcome.broken
    answers: list[Any] = outcome.done
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    lost = [problem(answer) for answer in answers if answer.status_code == 409]
    assert {answer["code"] for answer in lost} == {"time_taken"}
    assert all(len(answer["alternatives"]) == 3 for answer in lost)


def _students(count: int) -> list[Any]:
    return [StudentFactory() for _ in range(count)]
