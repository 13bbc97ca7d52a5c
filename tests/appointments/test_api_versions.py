"""`ETag` and `If-Match`: a program that saw an older state of a booking or a query changes nothing (RFC 9110)."""

from datetime import timedelta
from typing import Any

import pytest

from appointments.models import Booking, BookingStatus
from appointments.operations.move import move_booking
from foundation.values.times import database_now
from queries.models import Category, Query
from queries.operations.handle_query import assign_query
from queries.operations.open_query import NewQuery, open_query
from queries.operations.write_message import comment_on_query, reply_to_query
from tests.appointments.api_cast import Program, five_fields, problem
from tests.appointments.student_browser import booked
from tests.cast import Cast
from tests.factories import stored_booking

pytestmark = pytest.mark.django_db

NEVER = '"0123456789abcdef0123"'


def match(tag: str) -> dict[str, Any]:
    return {"headers": {"If-Match": tag}}


def etag_of(program: Program, address: str) -> str:
    tag: str = program.get(address)["ETag"]
    return tag


def test_every_answer_with_a_booking_has_the_tag_that_reading_it_gives(cast: Cast) -> None:
    booking, program = booked(cast), Program(cast.student)
    here = f"/bookings/{booking.public_id}/"
    first = etag_of(program, here)
    assert first == etag_of(program, here)
    moved = program.post(f"{here}move/", five_fields(cast.choice(11)), **match(first))
    assert moved.status_code == 200
    assert moved["ETag"] == etag_of(program, here) != first
    cancelled = program.post(f"{here}cancel/", {}, **match(moved["ETag"]))
    assert cancelled.status_code == 200
    assert cancelled["ETag"] == etag_of(program, here)


@pytest.mark.parametrize("what", ["move", "cancel"])
def test_a_booking_that_was_moved_is_not_changed_by_a_program_that_saw_it_before(cast: Cast, what: str) -> None:
    booking, program = booked(cast), Program(cast.student)
    here = f"/bookings/{booking.public_id}/"
    old = etag_of(program, here)
    move_booking(booking=booking, choice=cast.choice(11), by=cast.adviser)
    body = five_fields(cast.choice(13)) if what == "move" else {}
    refused = problem(program.post(f"{here}{what}/", body, **match(old)), 412)
    assert refused["code"] == "changed_since"
    found = Booking.objects.get()
    assert (found.starts_at, found.status) == (cast.starts(11), BookingStatus.BOOKED)
    assert program.post(f"{here}{what}/", body, **match(etag_of(program, here))).status_code == 200


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("", 200), ("*", 200), (f"{NEVER}, CURRENT", 200), (f"CURRENT,{NEVER}", 200), ("W/CURRENT", 412), (NEVER, 412),
        ('""', 412), ("CURRENT and more", 400), ("0123456789abcdef0123", 400), ('"a b"', 400),
        (",".join([NEVER] * 40), 400),
    ],
)  # fmt: skip
def test_what_if_match_may_say(cast: Cast, header: str, status: int) -> None:
    booking, program = booked(cast), Program(cast.student)
    here = f"/bookings/{booking.public_id}/"
    said = header.replace("CURRENT", etag_of(program, here))
    answer = program.post(f"{here}cancel/", {}, **(match(said) if said else {}))
    assert answer.status_code == status


def test_attendance_goes_by_it_too(cast: Cast) -> None:
    began = database_now() - timedelta(minutes=5)
    booking, program = stored_booking(cast.student, cast.adviser, cast.type, cast.room, began), Program(cast.adviser)
    here = f"/bookings/{booking.public_id}/"
    old = etag_of(program, here)
    marked = program.post(f"{here}attendance/", {"outcome": "attended"}, **match(old))
    assert (marked.status_code, marked["ETag"]) == (200, etag_of(program, here))
    refused = program.post(f"{here}attendance/reverse/", {"reason": "A mistake"}, **match(old))
    assert problem(refused, 412)["code"] == "changed_since"
    undone = program.post(f"{here}attendance/reverse/", {"reason": "A mistake"}, **match(marked["ETag"]))
    assert undone.status_code == 200


def ask(cast: Cast, category: str = Category.GENERAL) -> Query:
    return open_query(person=cast.student, asked=NewQuery(category, "Hours", "When?"), by=cast.student)


@pytest.mark.parametrize(
    ("what", "body"), [("reply", {"text": "At nine."}), ("resolve", {}), ("assign", {"owner": None})]
)
def test_a_query_that_was_answered_is_not_answered_again_unseen(cast: Cast, what: str, body: dict[str, Any]) -> None:
    query, program = ask(cast), Program(cast.front_desk)
    here = f"/queries/{query.public_id}/"
    old = etag_of(program, here)
    reply_to_query(query=query, text="At nine.", by=cast.adviser)
    refused = problem(program.post(f"{here}{what}/", body, **match(old)), 412)
    assert refused["code"] == "changed_since"
    assert cast.adviser.name in refused["detail"]
    assert program.post(f"{here}{what}/", body, **match(etag_of(program, here))).status_code in (200, 201)


def test_the_tag_of_a_person_does_not_tell_of_comments(cast: Cast) -> None:
    query, program = ask(cast), Program(cast.student)
    here = f"/queries/{query.public_id}/"
    old = etag_of(program, here)
    comment_on_query(query=query, text="Between us", by=cast.adviser)
    assign_query(query=query, owner=cast.adviser, by=cast.adviser)
    assert etag_of(program, here) == old
    resolved = program.post(f"{here}resolve/", {}, **match(old))
    assert (resolved.status_code, resolved["ETag"]) == (200, etag_of(program, here))


def test_a_program_says_that_it_closes_what_nobody_has_decided(cast: Cast) -> None:
    appeal, program = ask(cast, Category.APPEAL), Program(cast.student)
    address = f"/queries/{appeal.public_id}/resolve/"
    assert problem(program.post(address, {}), 409)["code"] == "undecided"
    assert program.post(address, {"undecided": True}).status_code == 200
