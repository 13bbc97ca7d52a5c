"""Each problem code of the API has a page, and the problem's `type` links to it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import grimp
import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import IdempotencyKey
from appointments.models import Booking
from documents.models import Document
from eligibility.models import AllocationUse, WaitingEntry
from events.models import CheckIn, Registration, RegistrationAnswer
from foundation.web.problem_codes import PROBLEM_TYPES
from tests.appointments.api_cast import Program, problem
from tests.cast import Cast
from tools.places import PACKAGES

SPEAKERS = {"Refused": 0, "refuse": 0, "problem": 1, "problem_response": 1}
"""Functions whose call names a code, and the position of that argument."""

BY_NAME = {"require_count": "code", "AuthenticationFailed": "code"}

OF_PAGES_ONLY = {
    "event_incomplete": "publishing an event",
    "session_attended": "changing the times of an event",
    "already_excused": "excusing an absence",
    "strike_gone": "excusing an absence",
    "not_yet": "recording an absence",
    "address_missing": "why a message is not sent",
    "message_expired": "why a message is not sent",
    "permission_missing": "why a message is not sent",
    "not_an_adviser": "sharing a document",
    "category": "changing a query's category",
    "decided_already": "deciding about circumstances, and merging",
    "other_person": "merging queries",
    "undecided_appeal": "merging queries",
    "merge_undone": "undoing a merge",
    "nothing_to_undo": "Undo, which is on pages only",
    "undo_too_late": "Undo, which is on pages only",
    "undone_already": "Undo, which is on pages only",
    "same_query": "merging queries",
    "bound_to_another": "signing in",
    "email_of_staff": "signing in",
    "identity_changed": "signing in",
    "no_university_id": "signing in",
    "person_unknown": "signing in",
    "token_scopes": "making a token",
    "token_expiry": "making a token",
    "too_many_tokens": "making a token",
}
"""Refusals in modules that the API imports, raised by operations that it does not call."""

DYNAMIC = {
    "unknown_type",
    "unknown_adviser",
    "unknown_location",
    "unknown_student",
}
"""Codes built from the name of a member."""

WRITTEN: tuple[type[Model], ...] = (
    Booking,
    IdempotencyKey,
    AllocationUse,
    Document,
    Registration,
    RegistrationAnswer,
    CheckIn,
    WaitingEntry,
)
"""Tables whose constraints may refuse a request of the API."""


DOORS = (
    "careerconnect.api_urls",
    "portal.views.problem_pages",
    "foundation.web.addresses",
    "accounts.access.api_authentication",
    "accounts.sign_in.second_factor",
)
"""Modules that answer for the API, including those named only by settings."""


def modules() -> Iterator[ast.Module]:
    """Those modules and everything that they import."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    names = {name for door in DOORS for name in {door, *graph.find_upstream_modules(door)}}
    for name in sorted(names):
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        yield ast.parse(Path(spec.origin).read_text())


def codes_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from codes_of(node)
        if isinstance(node, ast.Assign) and any(
            isinstance(t, ast.Name) and t.id == "default_code" for t in node.targets
        ):
            yield from texts(node.value)


def codes_of(call: ast.Call) -> Iterator[str]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    place, member = SPEAKERS.get(name), BY_NAME.get(name)
    if place is not None and len(call.args) > place:
        yield from texts(call.args[place])
    yield from (text for word in call.keywords if word.arg == member and member for text in texts(word.value))


def texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def test_every_code_that_the_api_can_answer_has_its_page() -> None:
    answered = {code for tree in modules() for code in codes_in(tree)} | DYNAMIC
    for model in WRITTEN:
        answered |= {each.violation_error_code for each in model._meta.constraints if each.violation_error_code}
    assert len(answered) > 60, "the search finds what it should"
    assert sorted(answered - set(PROBLEM_TYPES) - set(OF_PAGES_ONLY)) == []
    assert sorted(set(OF_PAGES_ONLY) - answered) == [], "the exceptions are still needed"
    assert sorted(set(OF_PAGES_ONLY) & set(PROBLEM_TYPES)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("code", PROBLEM_TYPES)
def test_each_page_says_what_it_means_and_what_to_do(client: Client, code: str) -> None:
    page = client.get(reverse("api_problem_detail", args=[code]))
    assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert page.context["problem"] == PROBLEM_TYPES[code]
    kind = PROBLEM_TYPES[code]
    assert kind.title
    assert kind.meaning
    assert kind.action
    assert all(400 <= status <= 599 for status in kind.statuses)


@pytest.mark.django_db
def test_the_list_leads_to_all_of_them(client: Client) -> None:
    page = client.get(reverse("api_problem_list")).content.decode()
    assert all(f'href="{reverse("api_problem_detail", args=[code])}"' in page for code in PROBLEM_TYPES)


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["nothing-of-the-kind", "Invalid", "%00"])
def test_no_page_for_other_codes(client: Client, code: str) -> None:
    assert client.get(f"/api/problems/{code}/").status_code == 404


@pytest.mark.django_db
def test_the_type_is_the_address_of_the_page(cast: Cast) -> None:
    refused = problem(Program(cast.student).get("/diary/"), 403)
    assert refused["type"] == "https://careers.example.ac.uk/api/problems/permission_denied/"
    assert refused["title"] == PROBLEM_TYPES["permission_denied"].title
    page = Client().get(urlsplit(refused["type"]).path)
    assert page.context["code"] == "permission_denied"
