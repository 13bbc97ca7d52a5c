"""Finds people by either email address, in any case, and never by scanning all people."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.operations.bind_identity import bind_identity
from accounts.operations.keep_access import ask_personal_email
from accounts.rules.identity import Assertion
from accounts.selectors.people import owner_of
from messaging.models import OutboxMessage
from messaging.selectors import received_messages
from queries.operations.receive_email import receive_email
from tests.accounts.devices import PASSWORD
from tests.factories import StudentFactory

pytestmark = pytest.mark.django_db

MANY = """
INSERT INTO accounts_user (public_id, password, university_id, email, personal_email, given_name, family_name,
    preferred_name, phone, roles, is_active, joined_at)
SELECT 'many' || number, '!', 'M' || number, 'Person.' || number || '@Many.Example.AC.UK',
    CASE WHEN number % 3 = 0 THEN 'own.' || number || '@home.example' ELSE '' END, 'Person', 'Of Many',
    '', '', ARRAY['student']::varchar[], true, now()
FROM generate_series(1, 50000) number
"""


@pytest.fixture
def student() -> User:
    person: User = StudentFactory(email="Amara.Okafor@Example.AC.UK", university_id="s100", password=PASSWORD)
    keep_own_address(person, "amara@home.example")
    return person


@pytest.fixture(autouse=True)
def outbox(settings: Any) -> None:
    """Django's test runner replaces the portal's mail backend."""
    settings.EMAIL_BACKEND = "messaging.mail_backend.backend.OutboxBackend"


def keep_own_address(person: User, email: str) -> None:
    User.objects.filter(pk=person.pk).update(personal_email=email)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=False)


def sign_in(email: str, password: str = PASSWORD) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": email, "password": password})
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(
    "typed",
    ["Amara.Okafor@Example.AC.UK", "amara.okafor@example.ac.uk", "AMARA.OKAFOR@EXAMPLE.AC.UK", "Amara@Home.example"],
)
def test_sign_in_with_either_address_in_capitals_or_not(student: User, typed: str) -> None:
    assert is_in(sign_in(typed))
    assert not is_in(sign_in(typed, "something else"))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("AMARA.OKAFOR@EXAMPLE.AC.UK", "Amara.Okafor@example.ac.uk"), ("AMARA@home.example", "amara@home.example")],
)
def test_a_link_to_choose_a_password_goes_to_the_stored_address(student: User, typed: str, stored: str) -> None:
    Client().post(reverse("account_reset_password"), {"email": typed})
    assert OutboxMessage.objects.get().to_address == stored


def test_a_similar_looking_address_belongs_to_nobody(student: User) -> None:
    """`UPPER` turns a dotless i into I, so the owner of that other domain would get the link."""
    StudentFactory(email="mike@example.ac.uk", password=PASSWORD)
    for typed in ("m\u0131ke@example.ac.uk", "mike@example.ac.uk\u0131"):
        assert owner_of(typed) is None
    assert owner_of("") is None


def test_a_confirmed_address_counts_before_one_that_the_university_gives_to_somebody_else(student: User) -> None:
    other = StudentFactory(email="amara@home.example", password="another long password")
    owner = owner_of("amara@home.example")
    assert owner is not None
    assert (owner.person, other == student) == (student, False)
    assert is_in(sign_in("amara@home.example"))
    assert not is_in(sign_in("amara@home.example", "another long password"))


def paths(person: User) -> dict[str, Callable[[], object]]:
    """Every path that looks up a person by address while signing in or receiving an email."""
    known, nobody = person.email.lower(), "nobody@example.ac.uk"
    seen_before = sign_in(known)
    seen_before.logout()
    raw = f"From: {known}\r\nTo: reply@example.ac.uk\r\nSubject: Hello\r\nMessage-ID: <1@a>\r\n\r\nHello".encode()
    stranger = Assertion("https://idp.example", "subject", university_id="M7", email=nobody)
    return {
        "sign in": lambda: sign_in(known),
        "sign in by their own address": lambda: sign_in("amara@home.example"),
        "sign in as nobody": lambda: sign_in(nobody),
        "sign in on a known device": lambda: seen_before.post(
            reverse("account_login"), {"login": known, "password": PASSWORD}
        ),
        "password reset": lambda: Client().post(reverse("account_reset_password"), {"email": known}),
        "password reset of nobody": lambda: Client().post(reverse("account_reset_password"), {"email": nobody}),
        "the University’s sign-on": lambda: bind_identity(provider="campus", assertion=stranger),
        "a personal address": lambda: ask_personal_email(person=person, email="new@home.example", by=person),
        "an email that leaves": lambda: EmailMessage("Hello", "Hello", None, [known]).send(),
        "an email that comes": lambda: receive_email(raw=raw),
        "what somebody was sent": lambda: received_messages(to=known),
        "a token": lambda: call_command("api_token", known),
        "a lost second factor": lambda: call_command("reset_second_factor", known),
    }


def plans(run: Callable[[], object]) -> list[str]:
    """PostgreSQL's plans for the queries that look up people."""
    with CaptureQueriesContext(connection) as seen:
        run()
    asked = [each["sql"] for each in seen.captured_queries if "accounts_user" in each["sql"]]
    selects = [sql for sql in asked if sql.lstrip().upper().startswith("SELECT")]
    with connection.cursor() as cursor:
        found = []
        for sql in selects:
            cursor.execute("EXPLAIN " + sql.replace("%", "%%"))
            found.append("\n".join(row[0] for row in cursor.fetchall()))
    return found


def test_no_lookup_scans_all_people(student: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(MANY)
        cursor.execute("ANALYZE accounts_user")
    read_through = [name for name, run in paths(student).items() if "Seq Scan on accounts_user" in "".join(plans(run))]
    assert read_through == []


def test_the_indexes_of_both_addresses_are_used(student: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(MANY)
        cursor.execute("ANALYZE accounts_user")
        plan = User.objects.with_email("own.3@home.example").order_by("pk").explain()
    assert "person_has_their_own_email" in plan
    assert "person_has_their_own_personal_email" in plan
