"""RFC 9457 problem details: the same codes and sentences as the pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from careerconnect.foundation.refusals import Refused

PROBLEM_JSON = "application/problem+json"


def problem(status: int, code: str, title: str, **members: Any) -> Response:
    """`code` is stable; `title` is the sentence for people; further members as RFC 9457 allows."""
    body = {"type": "about:blank", "status": status, "code": code, "title": title}
    body.update({name: value for name, value in members.items() if value})
    return Response(body, status=status, content_type=PROBLEM_JSON)


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None lets an unforeseen error become a 500 without details."""
    if isinstance(error, Refused):
        return problem(
            error.status,
            error.code,
            error.message,
            detail=error.remedy,
            field=error.field,
            alternatives=error.alternatives,
            reasons=[{"code": d.code, "message": d.message, "remedy": d.remedy} for d in error.details],
        )
    if isinstance(error, Http404):
        return problem(404, "not_found", "There is nothing here.")
    if isinstance(error, PermissionDenied):
        return problem(403, "permission_denied", "You may not do this.")
    response = exception_handler(error, context)
    if response is None or not isinstance(error, APIException):
        return response
    if isinstance(error, ValidationError):
        answer = problem(400, "invalid", "Some of what was sent cannot be used.", errors=error.detail)
    else:
        code = error.get_codes() if isinstance(error.get_codes(), str) else "error"
        answer = problem(response.status_code, str(code), str(error.detail))
    for name, value in response.items():
        if name.lower() not in ("content-type",):
            answer[name] = value
    return answer
