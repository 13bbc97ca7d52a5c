"""RFC 9457 problem details for every API error, with the same codes and sentences as the pages.

The `type` of each is the URL of the page about its code (`problem_codes`).
"""

import contextlib
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from foundation.outcomes.refusals import Refused
from foundation.outcomes.versions import Changed
from foundation.web.problem_codes import PROBLEM_TYPES

PROBLEM_JSON = "application/problem+json"


def problem(status: int, code: str, detail: str, **members: Any) -> Response:
    """A problem response. `code` is stable; `detail` is a sentence for people; empty members are left out."""
    return Response(_body(status, code, detail, members), status=status, content_type=PROBLEM_JSON)


def problem_response(status: int, code: str, detail: str) -> HttpResponse:
    """The same as a Django response, for errors outside the API's views."""
    return JsonResponse(_body(status, code, detail, {}), status=status, content_type=PROBLEM_JSON)


def is_program(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def _body(status: int, code: str, detail: str, members: dict[str, Any]) -> dict[str, Any]:
    known = PROBLEM_TYPES.get(code)
    body = {
        "type": problem_address(code) if known else "about:blank",
        "title": known.title if known else HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    return body | {name: value for name, value in members.items() if value}


def problem_address(code: str) -> str:
    """The URL of the page about a code."""
    return f"{settings.SITE_URL}/api/problems/{code}/"


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. Returning None turns an unforeseen error into a 500 without details."""
    if isinstance(error, Refused):
        return _refused(error)
    if isinstance(error, Http404):
        return problem(404, "not_found", "There is nothing here.")
    if isinstance(error, PermissionDenied):
        return problem(403, "permission_denied", "You may not do this.")
    if isinstance(error, SuspiciousOperation):
        return problem(400, "bad_request", "This request cannot be used.")
    response = exception_handler(error, context)
    if response is None or not isinstance(error, APIException):
        return response
    if isinstance(error, ValidationError):
        answer = _not_valid(list(flat_errors(error.detail)))
    else:
        code = error.get_codes()
        answer = problem(response.status_code, code if isinstance(code, str) else "error", str(error.detail))
    for name, value in response.items():
        if name.lower() != "content-type":
            answer[name] = value
    return answer


UNREADABLE = frozenset({
    "invalid", "null", "not_a_list", "not_a_dict", "naive", "max_string_length", "unknown_parameter",
})  # fmt: skip
"""Error codes of values with the wrong type or shape, and of unknown parameters."""


def _not_valid(errors: list[dict[str, str]]) -> Response:
    """400 if a value cannot be read; 422 if all can be read but a field does not accept one."""
    if any(each["code"] in UNREADABLE for each in errors):
        return problem(400, "invalid", "Some of what was sent can’t be read.", errors=errors)
    return problem(422, "validation_failed", "Some of what was sent isn’t accepted.", errors=errors)


def _refused(error: Refused) -> Response:
    reasons = [{"code": each.code, "message": each.message, "remedy": each.remedy} for each in error.details]
    answer = problem(
        HTTPStatus.PRECONDITION_FAILED if isinstance(error, Changed) else error.status,
        error.code,
        error.message,
        remedy=error.remedy,
        field=error.field,
        reasons=reasons,
        alternatives=error.alternatives,
    )
    headers = {"Retry-After": "1"} if error.status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    for name, value in {**headers, **error.headers}.items():
        answer[name] = value
    return answer


def flat_errors(detail: Any, field: str = "") -> Iterator[dict[str, str]]:
    """`{"override": {"reason": ["…"]}}` → one entry per message, with the field `override.reason`."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            inside = "" if name == "non_field_errors" else str(name)
            yield from flat_errors(inner, ".".join(filter(None, [field, inside])))
    elif isinstance(detail, list):
        for inner in detail:
            yield from flat_errors(inner, field)
    else:
        code = str(detail.code) if isinstance(detail, ErrorDetail) else "invalid"
        yield {"field": printable(field), "code": code, "message": printable(str(detail))}


def printable(text: str) -> str:
    """The text without lone surrogates, which cannot be encoded: messages may quote what somebody sent."""
    with contextlib.suppress(UnicodeEncodeError):
        text.encode()
        return text
    return text.encode(errors="replace").decode()
