"""The schema is valid and complete, and answers conform to it."""

from collections import Counter
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.test import Client
from hypothesis import Phase, given, settings
from hypothesis.strategies import booleans, sampled_from
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from appointments.models import Booking
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from foundation.values.times import database_now
from queries.models import Category, Query
from queries.operations.open_query import NewQuery, open_query
from tests.appointments.api_cast import Program, five_fields, wsgi_application
from tests.cast import Cast
from tests.factories import stored_booking

PATHS = {
    "/api/v1/",
    "/api/v1/me/",
    "/api/v1/tokens/",
    "/api/v1/appointment-types/",
    "/api/v1/appointment-types/{named}/",
    "/api/v1/free-times/",
    "/api/v1/bookings/",
    "/api/v1/bookings/{public_id}/",
    "/api/v1/bookings/{public_id}/move/",
    "/api/v1/bookings/{public_id}/cancel/",
    "/api/v1/bookings/{public_id}/attendance/",
    "/api/v1/bookings/{public_id}/attendance/reverse/",
    "/api/v1/diary/",
    "/api/v1/activity-results/",
    "/api/v1/eligibility/",
    "/api/v1/documents/",
    "/api/v1/documents/{public_id}/",
    "/api/v1/documents/{public_id}/delete/",
    "/api/v1/queries/",
    "/api/v1/queries/{public_id}/",
    "/api/v1/queries/{public_id}/reply/",
    "/api/v1/queries/{public_id}/resolve/",
    "/api/v1/queries/{public_id}/reopen/",
    "/api/v1/queries/{public_id}/assign/",
    "/api/v1/query-inbox/",
    "/api/v1/alumni-contacts/",
    "/api/v1/events/",
    "/api/v1/events/{public_id}/",
    "/api/v1/registrations/",
    "/api/v1/registrations/{public_id}/",
    "/api/v1/registrations/{public_id}/cancel/",
    "/api/v1/registrations/{public_id}/check-in/",
    "/api/v1/registrations/{public_id}/check-in/undo/",
    "/api/v1/registrations/{public_id}/still-coming/",
    "/api/v1/waiting-list/",
    "/api/v1/waiting-list/{public_id}/",
    "/api/v1/waiting-list/{public_id}/accept/",
    "/api/v1/waiting-list/{public_id}/leave/",
}


def test_the_schema_is_valid_and_without_warnings() -> None:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    assert "openapi: 3" in out.getvalue()


@pytest.mark.django_db
def test_the_schema_is_public_and_whole(client: Client) -> None:
    answer = client.get("/api/v1/schema/", headers={"Accept": "application/json"})
    assert answer.status_code == 200
    schema = answer.json()
    assert set(schema["paths"]) == PATHS
    assert set(schema["components"]["securitySchemes"]) == {"personalToken", "portalSession"}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (path, method)
            assert operation["operationId"], (path, method)
            if path != "/api/v1/":
                assert set(operation["responses"]["401"]["content"]) == {"application/problem+json"}


CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["student", "manager", "adviser", "front_desk", "administrator", "outsider", "nobody"])
def test_answers_conform_to_the_schema(cast: Cast, role: str) -> None:
    """Half of the requests name existing rows, so that answers and refusals are tested, not only errors in the
    input."""
    book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)
    stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now() - timedelta(hours=1))
    open_query(person=cast.student, asked=NewQuery(Category.GENERAL, "My CV", "Can you help?"), by=cast.student)
    program, seen = Program(None if role == "nobody" else getattr(cast, role)), Counter[int]()
    with wsgi_application() as application:
        schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", application)
        for operation in schema.get_all_operations():
            ask(operation.ok(), program, cast, seen)
    wanted = {"nobody": {200, 401}, "outsider": {200, 403}, "administrator": {200, 403, 422}}
    assert wanted.get(role, {200, 404, 422}) <= set(seen), seen
    assert not {status for status in seen if status >= 500}


def ask(operation: Any, program: Program, cast: Cast, seen: Counter[int]) -> None:
    @settings(
        max_examples=12,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
    )
    @given(case=operation.as_strategy(), real=booleans(), booking=sampled_from(list(Booking.objects.all())))
    def once(case: Any, real: bool, booking: Booking) -> None:
        if real:
            name_real_rows(case, cast, booking)
        answer = case.call(headers=program.headers)
        seen[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS, headers=program.headers)

    once()


def name_real_rows(case: Any, cast: Cast, booking: Booking) -> None:
    of_a_query = "/queries/" in case.operation.path
    id = Query.objects.earliest("pk").public_id if of_a_query else booking.public_id
    real = {"public_id": id, "named": cast.type.slug}
    for name in set(case.path_parameters or {}) & set(real):
        case.path_parameters[name] = real[name]
    if isinstance(case.body, dict) and "location" in case.body:
        case.body |= five_fields(cast.choice(11))
    if "type" in (case.query or {}):
        case.query["type"] = cast.type.slug
