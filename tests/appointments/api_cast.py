"""A client of the API, with a token, sending and reading JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.operations.api_tokens import issue_api_token
from appointments.operations.choice import Choice
from careerconnect.wsgi import application
from foundation.web.problem_codes import PROBLEM_TYPES
from foundation.web.problems import problem_address

V1 = "/api/v1"


class Program:
    """One person's API client. Use `problem` for answers that must be RFC 9457 problem details."""

    def __init__(self, user: User | None) -> None:
        self.client = Client(raise_request_exception=True)
        self.headers: dict[str, str] = {}
        if user is not None:
            self.headers["Authorization"] = f"Token {issue_api_token(user=user, name='test', by=None)}"

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> HttpResponse:
        return self.client.get(V1 + path, query, headers=self.headers | (headers or {}))

    def post(self, path: str, body: Any = None, headers: dict[str, str] | None = None) -> HttpResponse:
        text = body if isinstance(body, (str, bytes)) else json.dumps({} if body is None else body)
        return self.client.post(
            V1 + path, text, content_type="application/json", headers=self.headers | (headers or {})
        )


def problem(answer: HttpResponse, status: int | None = None) -> dict[str, Any]:
    """Checks that the answer is problem details, and returns its members."""
    assert answer["Content-Type"] == "application/problem+json", (answer.status_code, answer.content[:300])
    body = json.loads(answer.content)
    assert {"type", "title", "status", "code", "detail"} <= set(body)
    assert body["status"] == answer.status_code
    kind = PROBLEM_TYPES[body["code"]]
    assert body["status"] in kind.statuses, body
    assert (body["type"], body["title"]) == (problem_address(body["code"]), kind.title)
    if status is not None:
        assert answer.status_code == status, body
    return dict(body)


def five_fields(choice: Choice) -> dict[str, Any]:
    return {
        "type": choice.type.public_id,
        "start": choice.starts_at.isoformat(),
        "adviser": choice.adviser.public_id,
        "mode": choice.mode,
        "location": choice.location.public_id,
    }


@contextmanager
def wsgi_application() -> Iterator[Any]:
    """The real application inside a test's transaction.

    As in Django's test client, requests do not close the connection.
    """
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield application
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)
