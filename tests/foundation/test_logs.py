"""Logs contain nothing personal: no names, addresses, text, tokens or codes."""

import io
import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse

from accounts.models import SignIn, User
from appointments.models import Booking
from careerconnect import urls
from foundation.process.logs import DiscreetFormatter, without_personal_data
from messaging.operations.sweep_outbox import sweep_outbox
from tests.appointments.api_cast import Program, five_fields
from tests.cast import Cast
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

LOUD = ("", "django", "django.request", "django.security", "messaging", "accounts", "celery")
HELP = "I would like to change my course because of my health"
CODE = "one-time-4711"


def quotes_a_row(request: object) -> HttpResponse:
    """Raises an error that quotes a row."""
    with transaction.atomic():
        UserFactory(email="amara.okafor@example.ac.uk")
        UserFactory(email="Amara.Okafor@example.ac.uk")
    return HttpResponse()


def quotes_an_address(request: Any) -> HttpResponse:
    raise RuntimeError(f"no answer from https://sso.example.ac.uk{request.get_full_path()} for +44 7700 900123")


urlpatterns = [path("row/", quotes_a_row), path("callback/", quotes_an_address), *urls.urlpatterns]
handler500 = urls.handler500


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that the portal logs, down to debug level, as its own formatter writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(DiscreetFormatter(settings.LOGGING["formatters"]["plain"]["format"]))
    levels = {name: logging.getLogger(name).level for name in LOUD}
    logging.getLogger().addHandler(handler)
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.DEBUG if name != "django" else logging.INFO)
    yield written
    logging.getLogger().removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@override_settings(ROOT_URLCONF=__name__, EMAIL_BACKEND="messaging.mail_backend.backend.OutboxBackend")
def test_using_the_portal_logs_nothing_personal(cast: Cast, log: io.StringIO) -> None:
    student = cast.student
    browser = Client(raise_request_exception=False, HTTP_USER_AGENT="Firefox/1 (Windows)", REMOTE_ADDR="192.0.2.77")
    for password in ("a wrong one", PASSWORD):
        browser.post(reverse("account_login"), {"login": student.email, "password": password})
    session = SignIn.objects.get().session_key
    browser.post(reverse("account_reset_password"), {"email": student.email})
    browser.get(f"/nowhere/?name={student.family_name}&code={CODE}")
    browser.get(f"/callback/?code={CODE}&state=xyz")
    browser.get("/row/")
    browser.post(reverse("profile_edit"), {"phone": "not a number", "access_needs": HELP})
    token = _token(browser)
    program = Program(student)
    assert program.post("/bookings/", {**five_fields(cast.choice(9)), "help_wanted": HELP}).status_code == 201
    program.post("/bookings/", {**five_fields(cast.choice(9)), "help_wanted": HELP})
    program.post("/bookings/", {"topic": HELP})
    adviser = Client()
    adviser.force_login(cast.adviser)
    note = {"text": "She told me of her illness", "next_step": ""}
    adviser.post(reverse("note_create", args=[Booking.objects.get().public_id]), note)
    adviser.get(reverse("student_list"), {"q": student.family_name})
    sweep_outbox()
    Client(HTTP_HOST="amara@evil.example").get("/")

    text = log.getvalue()
    assert "Internal Server Error: /callback/" in text  # proves that the log is captured
    assert "(left out)" in text
    for said in (
        *("Amara", "Okafor", "okafor", "Helen", "Marsh", student.email, cast.adviser.email, "@example", "@evil"),
        *("7700", "900123", HELP, HELP[:20], note["text"], CODE, "state=xyz", PASSWORD, "a wrong one"),
        *(token, session, "192.0.2.77", str(student.university_id)),
    ):
        assert said not in text, f"{said!r} in the log:\n" + "\n".join(
            line for line in text.splitlines() if said in line
        )


def _token(browser: Client) -> str:
    page = browser.post(
        reverse("api_token_create"), {"name": "script", "scopes": ["profile:read"]}, follow=True
    ).content.decode()
    return page.split("cc_", 1)[1].split("<", 1)[0]


def test_personal_data_in_a_message_is_removed() -> None:
    said = (
        "IntegrityError: duplicate key\nDETAIL:  Key (lower(email))=(amara@example.ac.uk) already exists.\n"
        "GET /accounts/oidc/callback/?code=abc&state=def HTTP/1.1 from +44 7700 900123\n"
        "refused for <amara.o'neil@mail.example>\n"
        "Authorization: Token cc_abcdefghijkl; sessionid=k2j3h4k2j3h4; is it? Yes=1"
    )
    cleared = without_personal_data(said)
    for part in ("amara", "abc", "def", "7700", "neil", "cc_", "k2j3"):
        assert part not in cleared
    assert "/accounts/oidc/callback/?(left out) HTTP/1.1" in cleared
    assert "is it? Yes=1" in cleared


def test_the_portals_handler_uses_the_formatter() -> None:
    assert settings.LOGGING["formatters"]["plain"]["()"] == "foundation.process.logs.DiscreetFormatter"
    assert all(handler["formatter"] == "plain" for handler in settings.LOGGING["handlers"].values())


def test_a_broken_constraint_does_quote_the_row(cast: Cast) -> None:
    """Why the formatter is needed: PostgreSQL itself repeats what somebody typed."""
    User.objects.create_user("okafor@example.ac.uk", given_name="A")
    with pytest.raises(IntegrityError, match=r"okafor@example"), transaction.atomic():
        User.objects.create_user("okafor@example.ac.uk", given_name="B")


SEEDS = ["a", "a?", "a@", "a.", "+1 ", "cc_", "sessionid= ", "DETAIL: x contains (\n", "a\n"]


@pytest.mark.parametrize("seed", SEEDS)
def test_twice_the_text_takes_at_most_about_twice_as_long(seed: str) -> None:
    """A path of 60,000 letters once blocked a web worker for 39 s."""

    def seconds(letters: int) -> float:
        text = "Not Found: /" + seed * (letters // len(seed))
        best = 9.0
        for _ in range(3):
            began = time.process_time()
            without_personal_data(text)
            best = min(best, time.process_time() - began)
        return max(best, 0.002)

    assert seconds(60_000) < 0.1
    assert seconds(240_000) < 2.5 * seconds(120_000)


def test_a_cut_message_shows_no_part_of_an_address() -> None:
    line = "refused for " + "x" * 970 + " amara.okafor@example.ac.uk and others"
    assert "amara" not in without_personal_data(line)
    assert without_personal_data(line).startswith("refused for xx")
    assert "characters, cut" in without_personal_data(line)
    lines = without_personal_data("\n".join(f"line {n}" for n in range(1000))).split("\n")
    assert (lines[0], lines[-1]) == ("line 0", "line 999")
    assert len(lines) < 250


def test_a_row_over_several_lines_is_left_out_completely() -> None:
    said = "IntegrityError: no\nDETAIL:  Failing row contains (7, Amara,\nmy illness,\nand more).\n  File x.py"
    assert without_personal_data(said) == "IntegrityError: no\nDETAIL: (left out)\n  File x.py"
