"""Every endpoint's answer to every role. Hidden objects look like missing ones."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.views import APIView

from accounts.access.api_permissions import DenyByDefault
from accounts.models import Role
from appointments.models import Booking
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from careerconnect.api_urls import ROUTES
from tests.appointments.api_cast import Program, five_fields, problem
from tests.cast import Cast
from tests.factories import StudentFactory, UserFactory

pytestmark = pytest.mark.django_db

CAREERS = ("adviser", "front_desk", "careers_manager")
STRANGERS = ("wellbeing_lead", "alumni_relations", "information_governance", "editor", "administrator")
ROLES = (None, "student", "graduate", *CAREERS, *STRANGERS)

EVERYBODY = {None: 401, "student": 200, "graduate": 200, "staff": 200, "stranger": 200}
PEOPLE = {None: 401, "student": 200, "graduate": 200, "staff": 200, "stranger": 403}
OWNER = {None: 401, "student": 200, "graduate": 404, "staff": 200, "stranger": 403}
STAFF = {None: 401, "student": 403, "graduate": 403, "staff": 200, "stranger": 403}

TABLE: dict[str, tuple[dict[str | None, int], str, str]] = {
    "me": (EVERYBODY, "GET", "/me/"),
    "types": (PEOPLE, "GET", "/appointment-types/"),
    "type": (PEOPLE, "GET", "/appointment-types/{type}/"),
    "free times": (PEOPLE, "GET", "/free-times/?type={type}"),
    "bookings": (PEOPLE, "GET", "/bookings/"),
    "booking": (OWNER, "GET", "/bookings/{booking}/"),
    "move": (OWNER, "POST", "/bookings/{booking}/move/"),
    "cancel": (OWNER, "POST", "/bookings/{booking}/cancel/"),
    "attendance": (STAFF, "POST", "/bookings/{booking}/attendance/"),
    "attendance reverse": (STAFF, "POST", "/bookings/{booking}/attendance/reverse/"),
    "diary": (STAFF, "GET", "/diary/"),
}


def column(role: str | None) -> str | None:
    return "staff" if role in CAREERS else "stranger" if role in STRANGERS else role


@pytest.fixture
def booking(cast: Cast) -> Booking:
    return book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)


def person(cast: Cast, role: str | None) -> Program:
    """The student owns the booking; the graduate is another person who may have bookings."""
    if role is None:
        return Program(None)
    if role == "student":
        return Program(cast.student)
    return Program(StudentFactory(roles=[role]) if role == "graduate" else UserFactory(roles=[role]))


@pytest.mark.policy("APPT-4")
@pytest.mark.parametrize("role", ROLES, ids=str)
@pytest.mark.parametrize("name", TABLE)
def test_role_and_endpoint(cast: Cast, booking: Booking, name: str, role: str | None) -> None:
    expected, method, path = TABLE[name]
    program, where = person(cast, role), path.format(type=cast.type.slug, booking=booking.public_id)
    bodies = {
        "move": five_fields(cast.choice(11)),
        "attendance reverse": {"reason": "Mistake"},
        "attendance": {"outcome": "arrived"},
    }
    answer = program.post(where, bodies.get(name)) if method == "POST" else program.get(where)
    wanted = expected[column(role)]
    if wanted == 200 and name.startswith("attendance"):
        assert problem(answer, 409)["code"] in ("not_begun", "nothing_marked")  # let in, and refused by the rule
    elif wanted == 200:
        assert answer.status_code == 200, answer.content
    else:
        problem(answer, wanted)


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_who_may_book(cast: Cast, role: str | None) -> None:
    program, body = person(cast, role), five_fields(cast.choice(11))
    if role in CAREERS:
        body["student"] = cast.student.public_id
    expected = {None: 401, "student": 201, "graduate": 201, "staff": 201, "stranger": 403}[column(role)]
    assert program.post("/bookings/", body).status_code == expected
    assert Booking.objects.count() == (expected == 201)


@pytest.mark.policy("APPT-4")
@pytest.mark.parametrize(
    "ask",
    [
        lambda program, id, cast: program.get(f"/bookings/{id}/"),
        lambda program, id, cast: program.post(f"/bookings/{id}/cancel/"),
        lambda program, id, cast: program.post(f"/bookings/{id}/move/", five_fields(cast.choice(11))),
    ],
    ids=["detail", "cancel", "move"],
)
def test_hidden_and_absent_look_alike(cast: Cast, booking: Booking, ask: Callable[..., Any]) -> None:
    stranger = Program(cast.other_student)
    hidden, absent = ask(stranger, booking.public_id, cast), ask(stranger, "zzzzzzzzzzzz", cast)
    assert problem(hidden, 404) == problem(absent, 404)
    booking.refresh_from_db()
    assert booking.status == "booked"


def test_lists_hold_only_ones_own(cast: Cast, booking: Booking) -> None:
    assert Program(cast.other_student).get("/bookings/").json()["results"] == []
    refused = Program(cast.other_student).get("/bookings/", student=cast.student.public_id)
    assert problem(refused, 403) == problem(Program(cast.other_student).get("/bookings/", student="z" * 12), 403)


def test_a_suspended_persons_session_ends(cast: Cast) -> None:
    program = Program(None)
    program.client.force_login(cast.student)
    assert program.get("/me/").json()["roles"] == [Role.STUDENT]
    cast.student.is_active = False
    cast.student.save()
    problem(program.get("/me/"), 401)


def test_every_endpoint_names_its_own_permission() -> None:
    for _, view, name in ROUTES:
        assert DenyByDefault not in view.permission_classes, name
    assert APIView.permission_classes == [DenyByDefault]


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/bookings/a/b/c/", "/api/", "/api/v2/me/", "/api/v1/%0a"])
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_an_unknown_address_below_api_is_a_problem(client: Any, path: str, method: str) -> None:
    assert problem(getattr(client, method)(path), 404)["code"] == "not_found"


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_a_wrong_method_is_a_problem(cast: Cast, method: str) -> None:
    program = Program(cast.student)
    answer = getattr(program.client, method)("/api/v1/bookings/", headers=program.headers)
    assert problem(answer, 405)["code"] == "method_not_allowed"
    assert answer["Allow"] == "GET, HEAD, POST"


def test_addresses_answer_without_the_last_slash(cast: Cast) -> None:
    program = Program(cast.student)
    assert program.get("/me").json() == program.get("/me/").json()
    assert program.post("/bookings", five_fields(cast.choice(9))).status_code == 201


def test_the_index_is_public_and_leads_on(cast: Cast) -> None:
    places = json.loads(Program(None).get("/").content)
    for name, address in places.items():
        asked = {"type": cast.type.slug} if name == "free_times" else {}
        assert Program(cast.manager).client.get(address, asked).status_code in (200, 401)
