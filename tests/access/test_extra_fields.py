"""Unexpected input is ignored: extra fields change nothing, and lists cannot be ordered or filtered by hidden
fields."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.db.models import ForeignKey
from django.urls import reverse

from accounts.models import User
from tests.access.asking import Caller, ask, path_of, send
from tests.access.matrix import MatrixLine, lines
from tests.access.scene import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.policy("SEC-2", "DATA-6")]

EXTRA: dict[str, Any] = {
    "role": "administrator",
    "roles": ["administrator", "careers_manager"],
    "is_staff": True,
    "is_superuser": True,
    "is_active": False,
    "account_status": "terminated",
    "university_id": "TAKEN-OVER",
    "status": "TAKEN-OVER",
    "limit": 99,
    "extra": 99,
    "counts": False,
    "consumes": False,
    "booked_at": "2001-01-01T00:00:00Z",
    "starts_on": "2001-01-01",
    "expires_on": "2099-01-01",
    "excused_at": "2001-01-01",
    "decided_by": "1",
    "owner": "1",
    "public_id": "takenoverid0",
    "id": "1",
    "pk": "1",
}
MARKS = ("TAKEN-OVER", "2001-01-01", "2099-01-01", "takenoverid0")
FORMS_OF_THEIR_OWN = {
    "admin:accounts_user_add", "admin:accounts_user_change", "colleague_create", "colleague_roles",
    "colleague_role_take", "proposal_confirm",
}  # fmt: skip
"""Forms in which an administrator gives roles, as intended."""

LIST_LINES = ("ordering", "order_by", "filter", "adviser__password", "student__notes__text", "fields", "expand")


def writable() -> list[MatrixLine]:
    return [line for line in lines() if line.verbs.get("POST") and line.named not in FORMS_OF_THEIR_OWN]


def somebody(scene: Scene, line: MatrixLine, verb: str) -> Caller:
    inside = sorted(line.verbs[verb] - {"anonymous"}) or ["anonymous"]
    return Caller(inside[0], scene.people.get(inside[0]))


def people_as_they_are() -> list[tuple[Any, ...]]:
    fields = ("pk", "public_id", "university_id", "roles", "is_active", "account_status")
    return list(User.objects.order_by("pk").values_list(*fields))


@cache
def search_of_every_table() -> str:
    """One statement that names each table in which a row contains one of the marks."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if not name.startswith("django_")]
    rows = "SELECT '{0}' WHERE EXISTS (SELECT FROM \"{0}\" t WHERE t::text LIKE ANY (%(marks)s))"
    return " UNION ALL ".join(rows.format(table) for table in tables)


def marked_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(search_of_every_table(), {"marks": [f"%{mark}%" for mark in MARKS]})
        return [table for (table,) in cursor.fetchall()]


def test_extra_fields_change_nothing(scene: Scene) -> None:
    """Sends every form and endpoint all fields that a row could have."""
    before, taken = people_as_they_are(), []
    assert marked_tables() == []
    for line in writable():
        visitor = somebody(scene, line, "POST")
        body = scene.body(line.named, line.sends)
        scene.bodies[f"{line.named}:{line.sends}" if line.sends else line.named] = {**EXTRA, **body}
        with transaction.atomic():
            response, _ = send(scene, visitor, line, "POST", path_of(scene, line))
            changed = people_as_they_are() != before and line.named not in MAY_CHANGE_PEOPLE
            marked = marked_tables()
            transaction.set_rollback(True)
        if changed or marked or response.status_code >= 500:
            taken.append(f"{line}: {response.status_code} {marked} {'people changed' if changed else ''}")
    assert taken == []


MAY_CHANGE_PEOPLE = {"termination_confirm", "case_create", "case_reinstate", "case_close", "feed_run_apply"}
"""Views whose purpose is to suspend, end or reinstate an account."""


@pytest.mark.parametrize("name", LIST_LINES)
def test_unknown_ordering_and_filter_parameters_are_refused(scene: Scene, name: str) -> None:
    wrong = []
    for line in lines():
        if line.kind != "api" or not line.verbs.get("GET") or not hasattr(line.route.view, "cls") or line.nothing:
            continue
        if line.named in ("api_schema", "eligibility_json"):
            continue
        scene.asks["extra"] = {**scene.asks.get(line.asks, {}), name: "password"}
        visitor = somebody(scene, line, "GET")
        answer = ask(scene, visitor, MatrixLine(**{**vars(line), "asks": "extra"}), "GET")
        if answer.status != 400 or name.encode() not in answer.body:
            wrong.append(f"{line}: {answer.status}")
    assert wrong == []


def test_the_admin_refuses_lookups_through_relations(scene: Scene) -> None:
    """If a list could be filtered by the first letters of a password or a note, it would reveal them letter by
    letter."""
    wrong = []
    visitor = Caller("administrator", scene.people["administrator"])
    for model in admin.site._registry:
        table = f"{model._meta.app_label}_{model._meta.model_name}"
        to_people = [
            field.name for field in model._meta.fields if isinstance(field, ForeignKey) and field.related_model is User
        ]
        for name in ["password__startswith", *[f"{each}__password__startswith" for each in to_people]]:
            answer = visitor.client.get(reverse(f"admin:{table}_changelist"), {name: "p"})
            no_such_column = answer.status_code == 302 and answer["Location"].endswith("?e=1")
            if answer.status_code != 400 and not no_such_column:
                wrong.append(f"{table}?{name}: {answer.status_code} {answer.get('Location', '')}")
    assert wrong == []
