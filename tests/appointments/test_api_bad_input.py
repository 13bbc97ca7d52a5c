"""Bad input gets a 4xx with a code and writes nothing; never a 500."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import Client as Server

from accounts.models import AuditEntry, IdempotencyKey
from appointments.models import Booking
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from eligibility.models import AllocationUse
from messaging.models import OutboxMessage
from tests.appointments.api_cast import Program, five_fields, problem, wsgi_application
from tests.cast import Cast
from tests.factories import AppointmentTypeFactory, LocationFactory, publish

pytestmark = pytest.mark.django_db

Change = Callable[[Cast], dict[str, Any]]

NOBODY = "zzzzzzzzzzzz"
HUGE = 10**400

BOOKINGS: dict[str, tuple[Change, int, str]] = {
    # ids
    "unknown type": (lambda cast: {"type": NOBODY}, 422, "unknown_type"),
    "unknown adviser": (lambda cast: {"adviser": NOBODY}, 422, "unknown_adviser"),
    "unknown location": (lambda cast: {"location": NOBODY}, 422, "unknown_location"),
    "id of a database row": (lambda cast: {"adviser": str(cast.adviser.pk)}, 400, "invalid"),
    "number as id": (lambda cast: {"adviser": 7}, 400, "invalid"),
    "student as adviser": (lambda cast: {"adviser": cast.other_student.public_id}, 422, "unknown_adviser"),
    "editor as adviser": (lambda cast: {"adviser": cast.outsider.public_id}, 422, "unknown_adviser"),
    "front desk as adviser": (lambda cast: {"adviser": cast.front_desk.public_id}, 409, "not_offered"),
    "another adviser's room": (lambda cast: {"location": cast.other_room.public_id}, 409, "not_offered"),
    "a room not in the diary": (lambda cast: {"location": LocationFactory().public_id}, 409, "not_offered"),
    "another type": (lambda cast: {"type": AppointmentTypeFactory().public_id}, 409, "not_offered"),
    "mode of no such place": (lambda cast: {"mode": "online"}, 409, "not_offered"),
    "unknown mode": (lambda cast: {"mode": "by_pigeon"}, 422, "validation_failed"),
    "somebody else's name": (lambda cast: {"student": cast.other_student.public_id}, 403, "not_yours"),
    # times
    "past": (lambda cast: {"start": cast.starts(9, day=cast.day - timedelta(days=30)).isoformat()}, 409, "in_the_past"),
    "too far ahead": (lambda cast: {"start": "2099-01-05T09:00:00Z"}, 409, "too_far_ahead"),
    "before any block": (lambda cast: {"start": cast.starts(8).isoformat()}, 409, "not_offered"),
    "after any block": (lambda cast: {"start": cast.starts(17).isoformat()}, 409, "not_offered"),
    "runs over the end": (lambda cast: {"start": cast.starts(16, 40).isoformat()}, 409, "not_offered"),
    "off the grid": (lambda cast: {"start": cast.starts(9, 5).isoformat()}, 409, "not_offered"),
    "seconds off": (lambda cast: {"start": (cast.starts(9) + timedelta(seconds=1)).isoformat()}, 409, "not_offered"),
    "no offset": (lambda cast: {"start": f"{cast.day}T09:00:00"}, 400, "invalid"),
    "no time": (lambda cast: {"start": str(cast.day)}, 400, "invalid"),
    "no such day": (lambda cast: {"start": "2026-02-30T09:00:00Z"}, 400, "invalid"),
    "words": (lambda cast: {"start": "tomorrow"}, 400, "invalid"),
    "unix time": (lambda cast: {"start": 1796202000}, 400, "invalid"),
    "first moment": (lambda cast: {"start": "0001-01-01T00:00:00+14:00"}, 422, "validation_failed"),
    "last moment": (lambda cast: {"start": "9999-12-31T23:59:59-12:00"}, 422, "validation_failed"),
    "huge offset": (lambda cast: {"start": f"{cast.day}T09:00:00+99:99"}, 400, "invalid"),
    "long": (lambda cast: {"start": "2" * 5000}, 400, "invalid"),
    # text
    "nul in text": (lambda cast: {"help_wanted": "a\0b"}, 422, "validation_failed"),
    "nul in an id": (lambda cast: {"adviser": "abcdefghjkm\0"}, 400, "invalid"),
    "nul in an answer": (lambda cast: {"answers": {"employer": "\0"}}, 422, "validation_failed"),
    "nul in a key": (lambda cast: {"answers": {"\0": "x"}}, 422, "validation_failed"),
    "half a surrogate pair": (lambda cast: {"topic": "\ud800"}, 422, "validation_failed"),
    "half a surrogate pair as key": (lambda cast: {"answers": {"\ud800": ["x"]}}, 400, "invalid"),
    "half a surrogate pair as choice": (lambda cast: {"mode": "\udfff"}, 422, "validation_failed"),
    "oversized text": (lambda cast: {"help_wanted": "x" * 2001}, 422, "validation_failed"),
    "oversized access needs": (lambda cast: {"access_needs": "x" * 1001}, 422, "validation_failed"),
    "oversized answer": (lambda cast: {"answers": {"employer": "x" * 501}}, 422, "validation_failed"),
    "oversized body": (lambda cast: {"help_wanted": "x" * 100_000}, 413, "too_large"),
    "unknown topic": (lambda cast: {"topic": "Weather"}, 422, "validation_failed"),
    # types
    "list as text": (lambda cast: {"help_wanted": ["x"]}, 400, "invalid"),
    "object as text": (lambda cast: {"topic": {"a": 1}}, 400, "invalid"),
    "list as answers": (lambda cast: {"answers": ["x"]}, 400, "invalid"),
    "null as mode": (lambda cast: {"mode": None}, 400, "invalid"),
    "null as type": (lambda cast: {"type": None}, 400, "invalid"),
    "object as type": (lambda cast: {"type": {}}, 400, "invalid"),
    "huge number as type": (lambda cast: {"type": HUGE}, 422, "validation_failed"),
    "list as recording": (lambda cast: {"recording_permission": []}, 400, "invalid"),
    "words as override": (lambda cast: {"override": "please"}, 400, "invalid"),
    "override without reason": (lambda cast: {"override": {"counts": False}}, 422, "validation_failed"),
    "override by a student": (lambda cast: {"override": {"reason": "please"}}, 403, "not_yours"),
}


def written() -> tuple[int, ...]:
    tables = (Booking, AllocationUse, OutboxMessage, IdempotencyKey)
    return (
        *(table._default_manager.count() for table in tables),
        AuditEntry.objects.exclude(subject="api_token").count(),
    )


@pytest.mark.parametrize("name", BOOKINGS)
def test_bad_booking(cast: Cast, name: str) -> None:
    change, status, code = BOOKINGS[name]
    body = five_fields(cast.choice(9)) | change(cast)
    before = written()
    refused = problem(Program(cast.student).post("/bookings/", body, {"Idempotency-Key": "k"}), status)
    assert refused["code"] == code
    assert written() == before


@pytest.mark.parametrize("name", ["type", "start", "adviser", "mode", "location"])
def test_a_missing_field_is_named(cast: Cast, name: str) -> None:
    body = five_fields(cast.choice(9))
    del body[name]
    refused = problem(Program(cast.student).post("/bookings/", body), 422)
    assert [(error["field"], error["code"]) for error in refused["errors"]] == [(name, "required")]


NOT_OF_A_MOVE = ("type", "name", "text", "access", "answer", "answers", "topic", "key", "recording", "body")
MOVES = [name for name in BOOKINGS if not set(name.replace("'s", "").split()) & set(NOT_OF_A_MOVE)]


@pytest.mark.parametrize("name", [name for name in MOVES if name != "half a surrogate pair"])
def test_bad_move(cast: Cast, name: str) -> None:
    change, status, code = BOOKINGS[name]
    changed = change(cast)
    assert set(changed) <= {"start", "adviser", "mode", "location", "override"}
    booking = book_appointment(student=cast.student, choice=cast.choice(13), details=Details(), by=cast.student)
    before = written()
    where = f"/bookings/{booking.public_id}/move/"
    assert problem(Program(cast.student).post(where, five_fields(cast.choice(9)) | changed), status)["code"] == code
    assert written() == before
    assert Booking.objects.get().starts_at == booking.starts_at


BODIES: dict[str, tuple[str | bytes, int, str]] = {
    "nothing": ("", 422, "validation_failed"),
    "broken": ('{"type": ', 400, "parse_error"),
    "not a number": ('{"start": NaN}', 400, "parse_error"),
    "not utf-8": (b'{"topic": "\xff"}', 400, "parse_error"),
    "nul": ("\0", 400, "parse_error"),
    "list": ("[]", 400, "invalid"),
    "text": ('"book"', 400, "invalid"),
    "null": ("null", 400, "invalid"),
    "number": ("1" * 4000, 400, "invalid"),
    "too many figures": ("1" * 5000, 400, "parse_error"),
    "deep": ("[" * 50_000, 400, "parse_error"),
    "deep and whole": ('{"answers":' * 5_000 + "1" + "}" * 5_000, 400, "parse_error"),
    "large": ('"' + "x" * 70_000 + '"', 413, "too_large"),
}


@pytest.mark.parametrize("path", ["/bookings/", "/bookings/{booking}/move/", "/bookings/{booking}/attendance/"])
@pytest.mark.parametrize("name", BODIES)
def test_broken_json(cast: Cast, name: str, path: str) -> None:
    text, status, code = BODIES[name]
    booking = book_appointment(student=cast.student, choice=cast.choice(13), details=Details(), by=cast.student)
    before = written()
    answer = Program(cast.manager).post(path.format(booking=booking.public_id), text)
    assert problem(answer, status)["code"] == code
    assert written() == before


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "nonsense",
    ],
)
def test_only_json_is_read(cast: Cast, content_type: str) -> None:
    program = Program(cast.student)
    answer = program.client.post("/api/v1/bookings/", "a=b", content_type=content_type, headers=program.headers)
    assert problem(answer, 415)["code"] == "unsupported_media_type"


@pytest.mark.parametrize("charset", ["zlib", "hex", "rot13", "utf-7", "utf-16", "idna", "no-such", "\xe9"])
def test_a_strange_charset_does_no_harm(cast: Cast, charset: str) -> None:
    """Uses the WSGI application, because Django would fail before any of its handlers."""
    program = Program(cast.student)
    sent_as = {"Content-Type": f"application/json; charset={charset}", **program.headers}
    with wsgi_application() as application:
        answer = Server(application).post("/api/v1/bookings/?a=%ff", data=b"{}", headers=sent_as)
        assert (answer.status_code, answer.get_json()["code"]) == (400, "invalid")
        assert Server(application).get("/health/live?a=%ff", headers=sent_as).status_code == 200


FREE_TIMES: dict[str, tuple[dict[str, Any], int, str]] = {
    "no type": ({"type": ""}, 422, "validation_failed"),
    "unknown type": ({"type": "nothing"}, 422, "unknown_type"),
    "nul": ({"type": "a\0"}, 400, "invalid"),
    "unknown adviser": ({"adviser": NOBODY}, 422, "unknown_adviser"),
    "adviser of the wrong shape": ({"adviser": "' OR 1=1 --"}, 400, "invalid"),
    "unknown mode": ({"mode": "pigeon"}, 422, "validation_failed"),
    "no day": ({"from": "today"}, 400, "invalid"),
    "no such day": ({"to": "2026-02-30"}, 400, "invalid"),
    "first day": ({"from": "0001-01-01"}, 422, "validation_failed"),
    "last day": ({"from": "9999-12-31"}, 422, "validation_failed"),
    "reversed": ({"from": "2026-12-02", "to": "2026-12-01"}, 422, "validation_failed"),
    "32 days": ({"from": "2026-12-01", "to": "2027-01-01"}, 422, "validation_failed"),
    "no limit": ({"limit": 0}, 422, "validation_failed"),
    "over the limit": ({"limit": 201}, 422, "validation_failed"),
    "huge limit": ({"limit": "9" * 1500}, 400, "invalid"),
    "an address that is too long": ({"limit": "9" * 5000}, 414, "address_too_long"),
    "negative offset": ({"offset": -1}, 422, "validation_failed"),
    "huge offset": ({"offset": 10**30}, 422, "validation_failed"),
    "another student": ({"student": NOBODY}, 403, "not_yours"),
}


@pytest.mark.parametrize("name", FREE_TIMES)
def test_bad_parameters_for_free_times(cast: Cast, name: str) -> None:
    asked, status, code = FREE_TIMES[name]
    answer = Program(cast.student).get("/free-times/", **({"type": cast.type.slug} | asked))
    assert problem(answer, status)["code"] == code


def test_31_days_are_answered(cast: Cast) -> None:
    asked = {"type": cast.type.slug, "from": "2026-12-01", "to": "2026-12-31"}
    assert Program(cast.student).get("/free-times/", **asked).status_code == 200
    for edge in ({"from": "2100-12-31"}, {"to": "2000-01-01"}):
        assert Program(cast.student).get("/free-times/", type=cast.type.slug, **edge).json()["results"] == []


@pytest.mark.parametrize("path", ["/bookings/", "/appointment-types/", "/diary/"])
@pytest.mark.parametrize("asked", [{"limit": "x"}, {"offset": "1e9"}, {"student": "\0"}, {"from": "x"}, {"when": "x"}])
def test_bad_parameters_for_a_list(cast: Cast, path: str, asked: dict[str, str]) -> None:
    """400 for an invalid number, id or parameter; 422 for an unknown choice."""
    status = 422 if path == "/bookings/" and "when" in asked else 400
    answer = Program(cast.manager).get(path, **asked)
    assert problem(answer, status)["errors"][0]["field"] in asked


def test_too_many_parameters(cast: Cast) -> None:
    program = Program(cast.student)
    answer = program.client.get("/api/v1/bookings/?" + "&" * 1900 + "a=1", headers=program.headers)
    assert problem(answer, 400)["code"] == "bad_request"


@pytest.mark.parametrize("id", ["%00", "a", "%F0%9F%92%A9", "..%2f", "zzzzzzzzzzz%0a", "z" * 1900, "0OIl1-______"])
@pytest.mark.parametrize("path", ["/bookings/{id}/", "/appointment-types/{id}/"])
def test_an_impossible_id_is_not_found(cast: Cast, path: str, id: str) -> None:
    assert problem(Program(cast.manager).get(path.format(id=id)), 404)["code"] == "not_found"


ATTENDANCE: dict[str, tuple[dict[str, Any], int]] = {
    "unknown outcome": ({"outcome": "vanished"}, 422),
    "no outcome": ({}, 422),
    "list": ({"outcome": ["missed"]}, 422),
    "huge": ({"outcome": "late", "minutes_late": HUGE}, 422),
    "negative": ({"outcome": "late", "minutes_late": -5}, 422),
    "words": ({"outcome": "late", "minutes_late": "five"}, 400),
    "float": ({"outcome": "late", "minutes_late": 1e308}, 400),
}


@pytest.mark.parametrize("name", ATTENDANCE)
def test_bad_attendance(cast: Cast, name: str) -> None:
    booking = book_appointment(student=cast.student, choice=cast.choice(13), details=Details(), by=cast.student)
    body, status = ATTENDANCE[name]
    answer = Program(cast.adviser).post(f"/bookings/{booking.public_id}/attendance/", body)
    assert problem(answer, status)["code"] == {400: "invalid", 422: "validation_failed"}[status]
    booking.refresh_from_db()
    assert booking.status == "booked"


@pytest.mark.parametrize("key", ["x" * 81, "two words", "é", "\t\x7f"])
def test_bad_idempotency_key(cast: Cast, key: str) -> None:
    answer = Program(cast.student).post("/bookings/", five_fields(cast.choice(9)), {"Idempotency-Key": key})
    assert problem(answer, 400)["errors"][0]["field"] == "Idempotency-Key"
    assert not Booking.objects.exists()


@pytest.mark.parametrize("token", ["", "Token", "Token  ", "Token é", "Token " + "x" * 9000, "Token a b c"])
def test_bad_token(cast: Cast, token: str) -> None:
    answer = Program(None).get("/me/", {"Authorization": token})
    assert problem(answer, 401)["code"] in ("not_authenticated", "token_invalid")
    assert answer["WWW-Authenticate"] == "Token, Bearer"


def test_other_response_formats_are_refused(cast: Cast) -> None:
    assert problem(Program(cast.student).get("/me/", {"Accept": "text/html"}), 406)["code"] == "not_acceptable"
    assert problem(Program(cast.student).get("/me/", format="xml"), 404)["code"] == "not_found"


def test_a_room_taken_by_somebody_else(cast: Cast) -> None:
    """Two advisers share one room: the room's constraint gives the same answer as the adviser's."""
    publish(cast.manager, cast.type, cast.room, day=cast.day)
    book_appointment(student=cast.other_student, choice=cast.choice(9), details=Details(), by=cast.other_student)
    body = five_fields(cast.choice(9)) | {"adviser": cast.manager.public_id}
    assert problem(Program(cast.student).post("/bookings/", body), 409)["code"] == "time_taken"
    assert Booking.objects.count() == 1
