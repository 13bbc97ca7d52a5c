"""The lists of the API: types with reasons, free times and diaries; and how many queries each takes."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.models import AppointmentType, Booking, DiaryBlock, TimeOut
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from appointments.selectors.booking_targets import ALL
from eligibility.models import AllocationPolicy
from foundation.values.times import database_now, day_bounds, local_day
from tests.appointments.api_cast import Program, five_fields, problem
from tests.cast import Cast
from tests.factories import (
    AllocationPolicyFactory,
    AppointmentTypeFactory,
    AudienceFactory,
    LocationFactory,
    UserFactory,
    publish,
    stored_booking,
)

pytestmark = pytest.mark.django_db

TOKEN = 2
"""Queries for authentication: one joins the token and its person, one counts the request."""


@pytest.fixture
def program(cast: Cast) -> Program:
    """A client that was used once already, so that the token's last use is not written again."""
    program = Program(cast.student)
    program.get("/me/")
    return program


def queries(program: Program, path: str, **asked: str) -> int:
    with CaptureQueriesContext(connection) as made:
        answer = program.get(path, **asked)
    assert answer.status_code == 200, answer.content
    return len(made)


def staff(cast: Cast) -> Program:
    program = Program(cast.front_desk)
    program.get("/me/")
    return program


# Types.


@pytest.mark.policy("ELIG-1")
def test_types_say_whether_i_may_and_what_is_left(cast: Cast, program: Program) -> None:
    book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)
    closed = AppointmentTypeFactory(
        name="Research careers",
        order=9,
        audience=AudienceFactory(rule={"course": {"level": ["postgraduate_research"]}}),
    )
    mine, other = program.get("/appointment-types/").json()["results"]
    assert (mine["id"], mine["may_book"], mine["reasons"]) == (cast.type.public_id, True, [])
    (left,) = mine["allocation"]
    assert (left["limit"], left["used"], left["left"], left["period"]) == (3, 1, 2, "an academic year")
    assert (other["id"], other["may_book"], other["first_day"]) == (closed.public_id, False, None)
    assert other["reasons"][0]["code"] == "not_eligible"
    assert "research postgraduates" in other["reasons"][0]["message"]
    assert program.get(f"/appointment-types/{closed.slug}/").json() == other
    assert program.get(f"/appointment-types/{closed.public_id}").json() == other


def test_staff_ask_for_a_student(cast: Cast) -> None:
    desk = staff(cast)
    (nobodys,) = desk.get("/appointment-types/").json()["results"]
    assert (nobodys["may_book"], nobodys["allocation"]) == (None, [])
    (hers,) = desk.get("/appointment-types/", student=cast.student.public_id).json()["results"]
    assert hers["may_book"] is True
    assert problem(desk.get("/appointment-types/", student=cast.outsider.public_id), 422)["code"] == "unknown_student"


@pytest.mark.parametrize("types", [1, 3])
def test_queries_of_types(cast: Cast, program: Program, types: int) -> None:
    for _ in range(types - 1):
        AppointmentTypeFactory(policies=[AllocationPolicyFactory()])
    assert AppointmentType.objects.count() == types
    assert AllocationPolicy.objects.count() == types
    assert queries(program, "/appointment-types/") == TOKEN + 3


# Free times.


def test_free_times_default_to_the_window_of_the_type(cast: Cast, program: Program) -> None:
    results = program.get("/free-times/", type=cast.type.public_id, limit="200").json()["results"]
    assert len(results) == 12 * 2 * 2
    assert {row["adviser"] for row in results} == {cast.adviser.public_id, cast.other_adviser.public_id}
    assert [row["start"] for row in results] == sorted(row["start"] for row in results)
    shown = results[0]["shown"]
    assert shown["adviser"] in ("Helen Marsh", "Tariq Aziz")
    assert shown["confidentiality_note"]
    assert shown["minutes"] == 30


def test_free_times_by_day_adviser_and_mode(cast: Cast, program: Program) -> None:
    def found(**asked: str) -> int:
        return len(program.get("/free-times/", type=cast.type.slug, limit="200", **asked).json()["results"])

    day, after = str(cast.day), str(cast.day + timedelta(days=1))
    assert found(**{"from": day, "to": day}) == 48
    assert found(**{"from": after, "to": after}) == 0
    assert found(adviser=cast.adviser.public_id) == 24
    assert found(adviser=cast.adviser.public_id, mode="online") == 12
    assert found(mode="telephone") == 0


def test_my_own_bookings_are_left_out(cast: Cast, program: Program) -> None:
    book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)
    asked = {"type": cast.type.slug, "limit": "200"}
    starts = {row["start"] for row in program.get("/free-times/", **asked).json()["results"]}
    assert len(starts) == 11
    assert len({row["start"] for row in staff(cast).get("/free-times/", **asked).json()["results"]}) == 12
    asked["student"] = cast.student.public_id
    assert {row["start"] for row in staff(cast).get("/free-times/", **asked).json()["results"]} == starts


def test_pages_of_free_times_meet(cast: Cast, program: Program) -> None:
    whole = program.get("/free-times/", type=cast.type.slug, limit="200").json()
    assert (whole["next"], whole["previous"]) == (None, None)
    seen, where = [], f"/api/v1/free-times/?type={cast.type.slug}&limit=20"
    while where:
        answer = program.client.get(where, headers=program.headers).json()
        seen += answer["results"]
        where = answer["next"]
    assert seen == whole["results"]


@pytest.mark.parametrize("signed_in_by", ["token", "session"])
@pytest.mark.parametrize("advisers", [1, 3])
def test_queries_of_free_times(cast: Cast, program: Program, advisers: int, signed_in_by: str) -> None:
    cast.other_adviser.is_active = False
    cast.other_adviser.save()
    for _ in range(advisers - 1):
        publish(UserFactory(roles=["adviser"]), cast.type, LocationFactory(), day=cast.day)
    if signed_in_by == "session":
        program.client.force_login(cast.student)
        program.headers = {}
        program.get("/me/")
    with CaptureQueriesContext(connection) as made:
        answer = program.get("/free-times/", type=cast.type.slug, limit="200")
    assert len({row["adviser"] for row in answer.json()["results"]}) == advisers
    assert len(made) == {"token": 6, "session": 7}[signed_in_by]


# Bookings.


@pytest.mark.parametrize("bookings", [1, 3])
def test_queries_of_bookings(cast: Cast, program: Program, bookings: int) -> None:
    for days in range(1, bookings + 1):
        stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now() - timedelta(days=days))
    assert queries(program, "/bookings/") == TOKEN + 1
    assert queries(program, f"/bookings/{Booking.objects.latest('pk').public_id}/") == TOKEN + 1
    assert queries(staff(cast), "/bookings/", student=cast.student.public_id) == TOKEN + 3  # plus the access needs


def test_queries_of_a_booking(cast: Cast, program: Program) -> None:
    with CaptureQueriesContext(connection) as made:
        assert program.post("/bookings/", five_fields(cast.choice(9))).status_code == 201
    resolving = [query for query in made if "appointments_appointmenttype" in query["sql"] or ALL.name in query["sql"]]
    assert len(resolving) == 1
    deeds = [query["sql"] for query in made if "SAVEPOINT" not in query["sql"]]
    assert len(deeds) <= 10, "\n".join(sql[:120] for sql in deeds)


# Diary.


def test_diary_of_an_adviser_and_of_everybody(cast: Cast) -> None:
    booking = book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)
    cancelled = cast.choice(11)
    stored_booking(cast.student, cast.adviser, cast.type, cast.room, cancelled.starts_at, status="cancelled")
    out = TimeOut.objects.create(adviser=cast.adviser, during=day_bounds(cast.day), reason="Training")
    span = {"from": str(cast.day), "to": str(cast.day)}
    (own,) = Program(cast.adviser).get("/diary/", **span).json()["results"]
    assert own["adviser"] == {"id": cast.adviser.public_id, "name": "Helen Marsh"}
    assert [row["id"] for row in own["bookings"]] == [booking.public_id]
    assert [row["id"] for row in own["time_out"]] == [out.public_id]
    (block,) = own["blocks"]
    assert block["types"] == [cast.type.public_id]
    assert set(block["locations"]) == {cast.room.public_id, cast.online.public_id}
    names = [row["adviser"]["name"] for row in staff(cast).get("/diary/", **span).json()["results"]]
    assert names == ["Tariq Aziz", "Helen Marsh"]
    (one,) = staff(cast).get("/diary/", adviser=cast.other_adviser.public_id, **span).json()["results"]
    assert one["adviser"]["name"] == "Tariq Aziz"
    assert problem(staff(cast).get("/diary/", adviser=cast.student.public_id), 422)["code"] == "unknown_adviser"


def test_a_diary_without_days_is_the_coming_week(cast: Cast) -> None:
    today = local_day(database_now())
    DiaryBlock.objects.all().delete()
    for days in (-1, 0, 6, 7):
        publish(cast.adviser, cast.type, cast.room, day=today + timedelta(days=days))
    (own,) = Program(cast.adviser).get("/diary/").json()["results"]
    days_shown = [date.fromisoformat(block["start"][:10]) for block in own["blocks"]]
    assert days_shown == [today, today + timedelta(days=6)]


@pytest.mark.parametrize("advisers", [1, 3])
def test_queries_of_diaries(cast: Cast, advisers: int) -> None:
    for number in range(advisers):
        who = UserFactory(roles=["adviser"])
        publish(who, cast.type, LocationFactory(), day=cast.day)
        stored_booking(cast.student, who, cast.type, cast.online, cast.starts(9 + number))
    day = {"from": str(cast.day), "to": str(cast.day)}
    assert queries(staff(cast), "/diary/", **day) == TOKEN + 5  # plus the access needs
