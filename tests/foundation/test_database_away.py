"""While PostgreSQL is unavailable: 503 with Retry-After everywhere, never 500, and recovery without a restart.

The connections are really refused or ended; the driver is not mocked.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import close_old_connections, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path

from accounts.models import User
from accounts.operations.record_audit import Subject, record_audit
from careerconnect import urls
from foundation.db.database_away import is_database_away
from messaging.management.commands.sweep_outbox import Command as Sweeper
from messaging.models import Part
from messaging.selectors import heartbeats
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

ARGUMENTS = {"int:": "1", "uuid:": "00000000-0000-0000-0000-000000000000"}
NEEDS_NONE = ("/health/live", "/brand.css", "/static/", "/admin/jsi18n/")


@contextmanager
def away(tmp_path: Path) -> Iterator[None]:
    """Points the portal to a PostgreSQL that does not exist."""
    before = connection.settings_dict["HOST"], connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["HOST"], connection.settings_dict["PORT"] = str(tmp_path), ""
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["HOST"], connection.settings_dict["PORT"] = before


@pytest.fixture(autouse=True)
def _as_between_requests(db: None, transactional_db: None) -> Iterator[None]:
    """Does what the server does before and after each request, and the test client does not."""
    yield
    close_old_connections()


@pytest.fixture
def other() -> Iterator[Any]:
    """A separate connection, to terminate the portal's with."""
    connection.ensure_connection()
    found = psycopg2.connect(**connection.get_connection_params())
    found.autocommit = True
    yield found
    found.close()


def end(other: Any) -> None:
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def person() -> User:
    return UserFactory(password="a-long-password-of-theirs")


def every_address(patterns: list[Any] | None = None, before: str = "/") -> Iterator[str]:
    for each in get_resolver(urls.__name__).url_patterns if patterns is None else patterns:
        route = str(each.pattern).removeprefix("^").removesuffix("$").removesuffix(r"\Z")
        if isinstance(each, URLResolver):
            yield from every_address(each.url_patterns, before + route)
        elif isinstance(each, URLPattern) and "(" not in route:
            filled = route
            for name in each.pattern.converters:
                kind = next((word for word in ARGUMENTS if f"<{word}:{name}>" in filled), "")
                filled = filled.replace(
                    f"<{kind}:{name}>" if kind else f"<{name}>", ARGUMENTS.get(kind, "abcdefghjkmn")
                )
                for word in ("str", "slug", "path", "public_id"):
                    filled = filled.replace(f"<{word}:{name}>", "abcdefghjkmn")
            yield before + filled


@pytest.mark.parametrize("signed_in", [False, True], ids=["nobody", "somebody"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_address_answers_500(client: Client, person: User, tmp_path: Path, signed_in: bool, method: str) -> None:
    if signed_in:
        client.force_login(person)
        client.get("/")
    asked = sorted(set(every_address()))
    assert len(asked) > 200
    answers = {}
    with away(tmp_path):
        for address in asked:
            answers[address] = getattr(client, method)(address)
    wrong = {address: answer.status_code for address, answer in answers.items() if answer.status_code >= 500}
    assert not {address: code for address, code in wrong.items() if code != 503}
    ours = {address: answer for address, answer in answers.items() if answer.status_code == 503}
    assert len(ours) > (150 if signed_in else 5)
    for address, answer in ours.items():
        if address.startswith("/health/ready"):
            continue
        assert answer["Retry-After"], address
        assert "no-store" in answer["Cache-Control"], address
        program = address.startswith("/api/")
        assert answer["Content-Type"].startswith("application/problem+json" if program else "text/html"), address
    live = client.get("/health/live")
    assert live.status_code == 200


def test_a_page_says_so_and_works_again_without_a_restart(client: Client, person: User, tmp_path: Path) -> None:
    client.force_login(person)
    assert client.get("/").status_code == 200
    with away(tmp_path):
        answer = client.get("/")
        assert client.get("/health/live").status_code == 200
        assert client.get("/health/ready").status_code == 503
        assert client.get("/health/work").status_code == 503
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert b"not available" in answer.content
    assert str(tmp_path) not in answer.content.decode()
    assert client.get("/").status_code == 200


def test_connection_that_ended_between_two_requests_is_replaced(client: Client, person: User, other: Any) -> None:
    """The new connection also prepares its statements again."""
    client.force_login(person)
    assert client.get("/").status_code == 200
    connection.ensure_connection()
    end(other)
    close_old_connections()
    assert client.get("/").status_code == 200


def lost_while_reading(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    raise AssertionError("not reached")


@transaction.atomic
def lost_in_a_transaction(request: HttpRequest) -> HttpResponse:
    record_audit(actor=None, action="lost", on=Subject("nothing", "1"))
    try:
        return lost_while_reading(request)
    finally:
        User.objects.count()  # here the cleanup itself fails, in its own way


ending: list[Callable[[], None]] = []


@transaction.atomic
def lost_at_commit(request: HttpRequest) -> HttpResponse:
    record_audit(actor=None, action="lost", on=Subject("nothing", "1"))
    ending[0]()
    return HttpResponse("saved")


def broken(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM there_is_no_such_table")
    return HttpResponse()


def closed_cursor(request: HttpRequest) -> HttpResponse:
    cursor = connection.cursor()
    cursor.close()
    cursor.execute("SELECT 1")
    return HttpResponse()


VIEWS = (lost_while_reading, lost_in_a_transaction, lost_at_commit, broken, closed_cursor)
urlpatterns = [path(f"{start}{view.__name__}/", view) for view in VIEWS for start in ("", "api/v1/")]
urlpatterns += urls.urlpatterns
handler500 = urls.handler500


@pytest.mark.parametrize("view", VIEWS[:3], ids=lambda view: view.__name__)
@override_settings(ROOT_URLCONF=__name__)
def test_lost_in_the_middle_of_a_request(client: Client, other: Any, view: Any) -> None:
    ending[:] = [lambda: end(other)]
    name = view.__name__
    page = client.post(f"/{name}/")
    close_old_connections()
    assert page.status_code == 503
    assert b"can\xe2\x80\x99t tell whether what you sent was saved" in page.content
    program = client.post(f"/api/v1/{name}/")
    close_old_connections()
    assert (program.status_code, program.json()["code"]) == (503, "outcome_unknown")
    read = client.get(f"/{name}/")
    close_old_connections()
    assert read.status_code == 503
    assert b"tell whether" not in read.content
    assert client.get("/health/ready").status_code == 200


def test_a_request_lost_before_its_view_was_not_saved(client: Client, person: User, tmp_path: Path) -> None:
    client.force_login(person)
    client.get("/")
    with away(tmp_path):
        page = client.post("/theme/", {"theme": "dark"})
    assert page.status_code == 503
    assert b"was not saved" in page.content


def test_server_that_accepts_connections_and_never_answers(client: Client, person: User, tmp_path: Path) -> None:
    """A stopped PostgreSQL: the kernel still accepts connections for it."""
    client.force_login(person)
    client.get("/")
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / ".s.PGSQL.5432"))
        silent.listen()
        began = time.monotonic()
        with away(tmp_path):
            assert client.get("/").status_code == 503
        assert time.monotonic() - began < 20


def test_sweeper_waits_for_its_database(tmp_path: Path) -> None:
    with away(tmp_path):
        Sweeper().sweep()
    Sweeper().sweep()
    assert list(heartbeats()) == [Part.SWEEPER]


@pytest.mark.parametrize("name", ["broken", "closed_cursor"])
@override_settings(ROOT_URLCONF=__name__)
def test_a_bug_still_answers_500(client: Client, name: str) -> None:
    assert client.get(f"/{name}/").status_code == 500
    assert client.get(f"/api/v1/{name}/").status_code == 500


def test_lock_and_statement_timeouts_do_not_count_as_away(other: Any) -> None:
    with other.cursor() as cursor:
        cursor.execute("SET statement_timeout = 1")
        with pytest.raises(psycopg2.errors.QueryCanceled) as caught:
            cursor.execute("SELECT pg_sleep(1)")
    assert not is_database_away(caught.value)
