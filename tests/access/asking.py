"""Sends the request of one cell of the matrix and reports what is wrong with the answer."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.access.matrix import MatrixLine, document, group, unnamed_path
from tests.access.scene import SECRETS, Scene

SIGN_IN = ("/accounts/login/", "/admin/login/")
SENT_AWAY = {
    "admin:logout": "whoever is not signed in is led to the front of what they have left",
    "mfa_reauthenticate_webauthn": "whoever sends no proof is asked to sign in again",
}
"""Pages for which a redirect to sign in is the expected answer."""

KEPT_APART = ("django_session", "careerconnect_cache", "accounts_signin", "accounts_requestcount")
"""Tables of sessions, and counts of failures and requests: they change with any request, whatever it asks for."""

WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE(?: TABLE)?)\s+\"?(\w+)", re.IGNORECASE)
INSIDE = {200, 201, 202, 204, 301, 302, 303}
REFUSED_BY_A_RULE = {400, 409, 410, 413, 415, 422}
"""The person was let in, and a rule refused the request. This does not depend on who asks."""

VARYING = re.compile(
    rb'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"|csrf[\w-]*="[^"]*"', re.IGNORECASE
)


@dataclass
class Caller:
    """A person's browser that has just authenticated or, with `token`, their API client."""

    name: str
    user: User | None
    token: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def __post_init__(self) -> None:
        if self.user is not None and not self.token:
            self.client.force_login(self.user)
            session = self.client.session
            proof = {"method": "password", "at": time.time(), "reauthenticated": True}
            session["account_authentication_methods"] = [proof]
            session["account_authentication_methods_user"] = str(self.user.pk)
            session.save()
        # The first request records the sign-in, or that the token was used.
        self.client.get(reverse("api_me") if self.token else reverse("policies"), headers=self.headers)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Token {self.token}"} if self.token else {}


@dataclass
class CallAnswer:
    status: int
    where: str
    body: bytes
    headers: str
    writes: list[str]
    crashed: str = ""

    @property
    def signs_in(self) -> bool:
        return self.status in (301, 302) and urlsplit(self.where).path in SIGN_IN

    def seen(self, *ids: str) -> bytes:
        """What a person could learn from the answer: without the parts that always vary, and without the id they
        sent."""
        said = b"%d %s %s" % (self.status, self.where.encode(), VARYING.sub(b"", self.body))
        for id in ids:
            said = said.replace(id.encode(), b"ID").replace(quote(id, safe="").encode(), b"ID")
        return said


def ask(
    scene: Scene, visitor: Caller, line: MatrixLine, verb: str, *, absent: bool = False, keep: bool = False
) -> CallAnswer:
    """Sends the request and rolls it back unless `keep`, so that the next cell finds the same data."""
    path = path_of(scene, line, absent)
    cookies = visitor.client.cookies.copy()
    with writes() as written:
        if keep:
            response, body = send(scene, visitor, line, verb, path)
        else:
            with transaction.atomic():
                response, body = send(scene, visitor, line, verb, path)
                transaction.set_rollback(True)
            visitor.client.cookies = cookies
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    crashed = repr(response.exc_info[1]) if getattr(response, "exc_info", None) else ""
    return CallAnswer(response.status_code, response.get("Location", ""), body, headers, written, crashed)


def path_of(scene: Scene, line: MatrixLine, absent: bool = False) -> str:
    ids = scene.about[line.about] if line.about else {}
    path = reverse(line.route.name, kwargs=ids) if line.route.name else unnamed_path(line.route, ids)
    return f"{path}/".replace(*scene.ids(line.about)).removesuffix("/") if absent else path


def send(scene: Scene, visitor: Caller, line: MatrixLine, verb: str, path: str) -> tuple[Any, bytes]:
    asked = scene.asks.get(line.asks, {})
    address = f"{path}?{urlencode(asked)}" if asked else path
    body = scene.body(line.named, line.sends)
    if verb == "GET":
        response: Any = visitor.client.get(address, headers=visitor.headers)
    elif verb != "POST" or (line.kind == "api" and "file" not in body):
        said = json.dumps({name: value for name, value in body.items() if name != "file"})
        response = visitor.client.generic(verb, address, said, "application/json", headers=visitor.headers)
    else:
        response = visitor.client.post(address, body, headers=visitor.headers)
    return response, b"".join(response) if response.streaming else response.content


@contextmanager
def writes() -> Iterator[list[str]]:
    """Records the tables written to, except those of the session."""
    written: list[str] = []

    def note(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        found = WRITES.match(str(sql))
        if found and found[1] not in KEPT_APART:
            written.append(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield written


def everything() -> str:
    """A hash of all tables, except those of the session."""
    hashed = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table not in KEPT_APART:
                cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table}\" t")  # noqa: S608 - a table name from the catalogue
                hashed.update(f"{table} {cursor.fetchone()}".encode())
    return hashed.hexdigest()


def wrong(visitor: Caller, line: MatrixLine, verb: str, answer: CallAnswer) -> str:
    """An empty string if the answer is what the matrix says."""
    expected = line.expected(verb, visitor.name)
    if answer.status >= 500:
        return f"{answer.status} {answer.crashed}"
    told = tells(visitor.name, answer)
    if told and line.named not in document()["demonstration"]:
        return f"tells {told}"
    if expected != "ok" and answer.writes:
        return f"writes to {', '.join(answer.writes)}"
    if fits(visitor, line, verb, answer, expected):
        return ""
    return f"{answer.status} {answer.where}, expected {expected}"


def fits(visitor: Caller, line: MatrixLine, verb: str, answer: CallAnswer, expected: str) -> bool:
    if expected == "ok":
        sent_away = answer.signs_in and visitor.name != "anonymous" and "anonymous" not in line.door
        by_a_rule = REFUSED_BY_A_RULE if verb != "GET" or line.kind == "api" else {409, 410}
        return answer.status in INSIDE | by_a_rule and not (
            sent_away and not line.public and line.named not in SENT_AWAY
        )
    if expected == "closed":
        return answer.status in (401, 403, 404, 405) or answer.signs_in
    if expected == "login":
        led_on = answer.where == "/admin/" and line.named in SENT_AWAY
        return answer.signs_in or led_on or (line.half_signed_in and answer.where == "/")
    return str(answer.status) == expected


def tells(person: str, answer: CallAnswer) -> str:
    """The secrets in the answer that this person must not see."""
    said = answer.body + answer.headers.encode()
    return ", ".join(
        name
        for name, words in SECRETS.items()
        if words.encode() in said and person not in group(document()["secrets"][name])
    )


def may_compare(line: MatrixLine, verb: str, person: str) -> bool:
    """Must the answer look the same for a missing object? Yes, if this person may not see the object."""
    return bool(line.about) and line.expected(verb, person) in ("404", "login", "401")


def problem_of(scene: Scene, visitor: Caller, line: MatrixLine, verb: str) -> str:
    """Checks one cell and, if the object is hidden, that a missing object gets the same answer.

    Empty if all is right.
    """
    keep = line.expected(verb, visitor.name) not in ("ok", "405")
    answer = ask(scene, visitor, line, verb, keep=keep)
    if problem := wrong(visitor, line, verb, answer):
        return f"{verb} {line}: {problem}"
    if verb in line.verbs and may_compare(line, verb, visitor.name):
        absent = ask(scene, visitor, line, verb, absent=True, keep=True)
        if answer.seen(*scene.ids(line.about)) != absent.seen(*scene.ids(line.about)):
            return f"{verb} {line}: hidden and absent differ"
    return ""
