"""Every answer of every route has the same security headers, with production settings, whoever asks."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from http.cookies import Morsel
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from accounts.models import User
from careerconnect import urls
from tests.cast import Cast
from tests.factories import PASSWORD, UserFactory
from tools.checking import PRODUCTION as ENVIRONMENT

pytestmark = [pytest.mark.django_db, pytest.mark.policy("SEC-1")]

PRODUCTION = override_settings(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["careers.example.ac.uk"],
    SESSION_COOKIE_SECURE=True,
    CSRF_COOKIE_SECURE=True,
    SESSION_COOKIE_NAME="__Host-sessionid",
    CSRF_COOKIE_NAME="__Host-csrftoken",
    MESSAGE_COOKIE_NAME="__Host-messages",
    THEME_COOKIE_NAME="__Host-theme",
    KNOWN_DEVICE_COOKIE_NAME="__Host-device",
    SECURE_SSL_REDIRECT=True,
    SECURE_REDIRECT_EXEMPT=[r"^health/"],
    SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
    SECURE_HSTS_SECONDS=31536000,
    SECURE_HSTS_INCLUDE_SUBDOMAINS=True,
    SECURE_HSTS_PRELOAD=True,
)
"""The values in `careerconnect.settings.production`; `test_production_has_the_same_values` compares them."""

ROOT = Path(__file__).resolve().parents[2]
HOST = {"HTTP_HOST": "careers.example.ac.uk", "HTTP_X_FORWARDED_PROTO": "https"}

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}
FRAMED_BY_US = re.compile("/demo/outbox/.*/html/")
"""The text of an email, in a frame of the demonstration's tray."""

FOR_EVERYBODY = ("/static/", "/brand.css", "/robots.txt", "/admin/jsi18n/")


def broken(request: object) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [path("broken/", broken), path("api/v1/broken/", broken), *urls.urlpatterns]
handler500 = urls.handler500


def every_route(resolver: URLResolver | None = None, before: str = "/") -> Iterator[str]:
    """A URL for each pattern, with its variable parts filled in so that it matches."""
    for pattern in (resolver or get_resolver(__name__)).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from every_route(pattern, before + filled(pattern))
        elif isinstance(pattern, URLPattern):
            yield before + filled(pattern)


def filled(pattern: URLPattern | URLResolver) -> str:
    route = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        value = "1" if "int" in type(converter).__name__.lower() else "abcdefghjkmn"
        for written in (f"<{kind}:{name}>" for kind in ("str", "slug", "int", "path", "uuid")):
            route = route.replace(written, value)
        route = route.replace(f"<{name}>", value)
    if "(?P<" in route or route.startswith("^"):  # the few that are regular expressions
        return {"^api/(?!v1$)": "api/elsewhere"}.get(route, "some-thing/")
    return route


def problems(address: str, answer: Any) -> Iterator[str]:
    where = f"{address} ({answer.status_code})"
    for name, value in EXPECTED.items():
        allowed = {value, "SAMEORIGIN"} if FRAMED_BY_US.fullmatch(address) and name == "X-Frame-Options" else {value}
        if answer.headers.get(name) not in allowed:
            yield f"{where}: {name} is {answer.headers.get(name)}"
    policy = answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        yield f"{where}: Content-Security-Policy is {policy}"
    if "camera=()" not in answer.headers.get("Permissions-Policy", ""):
        yield f"{where}: no Permissions-Policy"
    for cookie in answer.cookies.values():
        yield from (f"{where}: {each}" for each in cookie_problems(cookie))


def cookie_problems(cookie: "Morsel[str]") -> Iterator[str]:
    """What browsers require of a `__Host-` cookie, and that scripts cannot read the cookies that matter."""
    if not cookie.key.startswith("__Host-"):
        yield f"cookie {cookie.key} is not __Host-"
    if not cookie["secure"] and cookie.value:
        yield f"cookie {cookie.key} is sent in the clear"
    if cookie["domain"] or cookie["path"] != "/":
        yield f"cookie {cookie.key} is not this host's alone"
    if not cookie["httponly"] and cookie.key != "__Host-theme" and cookie.value:
        yield f"cookie {cookie.key} can be read by scripts"


def stored(address: str, answer: Any) -> Iterator[str]:
    said = answer.headers.get("Cache-Control", "")
    if address.startswith(FOR_EVERYBODY) and "public" in said:
        return
    if "no-store" not in said:
        yield f"{address} ({answer.status_code}): Cache-Control is “{said}” for somebody signed in"
    if "Cookie" not in answer.headers.get("Vary", ""):
        yield f"{address} ({answer.status_code}): Vary is “{answer.headers.get('Vary')}”"


def visitor(person: User | None) -> Client:
    client = Client(raise_request_exception=False, **HOST)
    if person:
        client.force_login(person)
    return client


@PRODUCTION
@pytest.mark.parametrize("who", ["nobody", "student", "adviser", "administrator", "governance"])
@pytest.mark.parametrize("verb", ["get", "post"])
def test_every_route_has_the_headers(cast: Cast, who: str, verb: str) -> None:
    people = {"nobody": None, "governance": UserFactory(roles=["information_governance"])}
    person = people[who] if who in people else getattr(cast, who)
    addresses = sorted(set(every_route()))
    assert len(addresses) > 150
    found: list[str] = []
    client = visitor(person)
    for address in addresses:
        if person and "_auth_user_id" not in client.session:
            client = visitor(person)  # the routes include signing out
        answer = getattr(client, verb)(address)
        found += problems(address, answer)
        if person:
            found += stored(address, answer)
    assert found == []


@PRODUCTION
def test_errors_redirects_and_files_have_the_headers(cast: Cast) -> None:
    signed_in = visitor(cast.student)
    answers = {
        "file": signed_in.get("/static/dist/favicon.svg"),
        "no such file": signed_in.get("/static/nothing.js"),
        "not found": signed_in.get("/nothing/here/"),
        "slash added": signed_in.get("/profile"),
        "broken page": signed_in.get("/broken/"),
        "broken program": signed_in.get("/api/v1/broken/"),
        "wrong host": signed_in.get("/", HTTP_HOST="elsewhere.example"),
        "wrong method": signed_in.get("/profile/tokens/"),
        "no csrf token": Client(enforce_csrf_checks=True, **HOST).post("/theme/", {"theme": "dark"}),
        "signed out": visitor(None).get("/profile/"),
        "bad token": visitor(None).get("/api/v1/me/", HTTP_AUTHORIZATION="Token nonsense"),
        "theme": signed_in.post("/theme/", {"theme": "dark"}),
        "no theme": signed_in.post("/theme/", {"theme": ""}),
        "a message": signed_in.post("/profile/", {"preferred_name": ""}),
    }
    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert statuses == {
        "file": 200,
        "no such file": 404,
        "not found": 404,
        "slash added": 301,
        "broken page": 500,
        "broken program": 500,
        "wrong host": 400,
        "wrong method": 405,
        "no csrf token": 403,
        "signed out": 302,
        "bad token": 401,
        "theme": 302,
        "no theme": 302,
        "a message": 302,
    }
    assert [each for name, answer in answers.items() for each in problems(name, answer)] == []
    assert "__Host-theme" in answers["theme"].cookies
    assert "__Host-messages" in answers["a message"].cookies


@PRODUCTION
def test_plain_http_redirects_to_https(cast: Cast) -> None:
    answer = Client(HTTP_HOST="careers.example.ac.uk").get("/policies/")
    assert (answer.status_code, answer["Location"]) == (301, "https://careers.example.ac.uk/policies/")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@PRODUCTION
def test_signing_in_itself_is_not_stored(cast: Cast) -> None:
    client = visitor(None)
    answer = client.post(reverse("account_login"), {"login": cast.student.email, "password": PASSWORD})
    assert answer.cookies["__Host-sessionid"]["samesite"] == "Lax"
    assert list(problems("sign-in", answer)) == []
    assert "no-store" in answer["Cache-Control"]


def test_a_token_s_answers_are_not_stored(cast: Cast) -> None:
    answer = Client().get("/api/v1/me/", HTTP_AUTHORIZATION="Token nonsense")
    assert "no-store" in answer["Cache-Control"]
    assert "Authorization" in answer["Vary"]


def test_public_content_may_be_cached(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.student)
    assert client.get("/brand.css")["Cache-Control"] == "public, max-age=3600"
    assert "Cookie" not in client.get("/brand.css").headers.get("Vary", "")


def test_production_has_the_same_values() -> None:
    """The overrides above have the values of production."""
    wanted = {name: value for name, value in PRODUCTION.options.items() if name != "ROOT_URLCONF"}
    says = (
        "import json; from careerconnect.settings import production as p; "
        f"print(json.dumps({{name: getattr(p, name) for name in {sorted(wanted)!r}}}))"
    )
    env = {**os.environ, **ENVIRONMENT, "DATABASE_URL": "postgres://x", "REDIS_URL": "redis://x"}
    done = subprocess.run([sys.executable, "-c", says], env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == json.loads(json.dumps(wanted))
