"""Nobody can use us to send email to strangers: what is sent to unconfirmed addresses, and how often."""

import ast
import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import Client
from django.urls import reverse

from accounts.models import CountedEvent, PolicySetting, User
from accounts.operations.account_status import reinstate_account, suspend_account
from accounts.operations.keep_access import ask_personal_email, confirm_personal_email, confirm_url
from accounts.operations.passwords import choose_password
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now, local_day
from messaging.models import OutboxMessage
from tests.appointments.racing import race
from tests.architecture.test_house import ROOT
from tests.factories import StudentFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.policy("SEC-1")]

CHOSEN = "Claim your prize at evil example"


@pytest.fixture(autouse=True)
def outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "messaging.mail_backend.backend.OutboxBackend"


def ask(person: User, email: str) -> str:
    """The code of the refusal, or an empty string."""
    try:
        ask_personal_email(person=person, email=email, by=person)
    except Refused as refused:
        return refused.code
    return ""


def test_the_refusal_says_when_to_try_again() -> None:
    person = StudentFactory()
    assert [ask(person, f"s{number}@home.example") for number in range(3)] == [""] * 3
    with pytest.raises(Refused) as refused:
        ask_personal_email(person=person, email="s9@home.example", by=person)
    assert refused.value.status == 429
    assert 0 < int(refused.value.headers["Retry-After"]) <= 24 * 60 * 60


def test_three_a_day_for_a_person() -> None:
    person = StudentFactory()
    assert [ask(person, f"stranger{number}@home.example") for number in range(5)] == [
        "",
        "",
        "",
        *2 * ["too_many_letters"],
    ]
    assert OutboxMessage.objects.count() == 3
    CountedEvent.objects.update(at=F("at") - timedelta(days=1))
    assert ask(person, "stranger9@home.example") == ""


def test_three_a_day_for_an_address_from_anybody() -> None:
    asked = [
        ask(StudentFactory(), email)
        for email in ("x@home.example", "X@home.example ", "x@HOME.example", "x@home.example")
    ]
    assert asked == ["", "", "", "too_many_letters"]
    assert OutboxMessage.objects.count() == 3


def test_an_address_that_somebody_has_is_counted_and_answered_alike() -> None:
    StudentFactory(personal_email="taken@home.example")
    person = StudentFactory()
    assert [ask(person, "taken@home.example") for _ in range(4)] == ["", "", "", "too_many_letters"]
    assert OutboxMessage.objects.count() == 3


def test_the_number_is_a_setting() -> None:
    PolicySetting.objects.create(key="unproven_letters_a_day", value=1, effective_from=local_day(database_now()))
    person = StudentFactory()
    assert [ask(person, f"stranger{number}@home.example") for number in range(2)] == ["", "too_many_letters"]


def test_the_page_says_when_to_try_again(client: Client) -> None:
    client.force_login(StudentFactory())
    here = reverse("keep_access")
    for number in range(3):
        assert client.post(here, {"email": f"stranger{number}@home.example"}).status_code == 302
    answer = client.post(here, {"email": "stranger9@home.example"})
    assert answer.status_code == 429
    assert "24 hours" in answer.content.decode()


def test_the_command_for_administrators_is_limited_too(client: Client) -> None:
    person = StudentFactory(university_id="S1")
    for number in range(3):
        ask(person, f"stranger{number}@home.example")
    with pytest.raises(CommandError):
        call_command("send_access_link", "S1", "stranger9@home.example")


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_twenty_requests_at_once_send_three_emails() -> None:
    people = [StudentFactory() for _ in range(10)]
    asked = [(people[0], f"s{number}@home.example") for number in range(10)]
    asked += [(person, "x@home.example") for person in people]
    outcome = race([partial(ask_personal_email, person=person, email=email, by=None) for person, email in asked])
    assert outcome.broken == []
    assert outcome.codes == {"too_many_letters"}
    assert OutboxMessage.objects.exclude(to_address="x@home.example").count() <= 3
    assert OutboxMessage.objects.filter(to_address="x@home.example").count() == 3


def test_emails_to_strangers_contain_no_chosen_name() -> None:
    for number, email in enumerate(("stranger@home.example", "taken@home.example")):
        StudentFactory(personal_email=f"{email}" if number else "")
        names = {field: f"{CHOSEN} {field}" for field in ("given_name", "family_name", "preferred_name")}
        ask(StudentFactory(**names), email)
    letters = OutboxMessage.objects.all()
    assert letters.count() == 2
    for letter in letters:
        assert CHOSEN not in letter.subject + letter.body_text + letter.body_html
        assert letter.body_text.startswith("Hello,\n")


def test_templates_to_strangers_ask_for_no_person() -> None:
    for path in (ROOT / "templates" / "account" / "email").glob("personal_email*.txt"):
        assert set(re.findall(r"\{\{\s*([\w.]+)", path.read_text())) <= {"email", "link", "brand.name"}, path.name


def test_letters_of_accounts_go_to_proven_addresses() -> None:
    """All other callers of `letter` write to the University's address or to a confirmed one."""
    known = {
        "accounts/sign_in/adapter.py": "allauth's: to an account found by the address, or to `contact_email`",
        "accounts/notices/two_people.py": "to colleagues to whom two people gave a role, at their work address",
        "accounts/operations/keep_access.py": "the reminder, to the University's address",
        "accounts/operations/write_to_unproven.py": "this",
    }
    found = set()
    for path in (ROOT / "accounts").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "letter":
                found.add(str(path.relative_to(ROOT)))
    assert found == set(known)


# A link to confirm an address, after something has happened


@pytest.mark.parametrize("what", ["suspended", "new password"])
def test_an_earlier_confirmation_link_stops_working(what: str, client: Client) -> None:
    """If somebody else had access to the account and asked for an address of theirs, they must not get it later."""
    person, by = StudentFactory(), UserFactory()
    link = confirm_url(person, "thief@home.example").removeprefix("https://careers.example.ac.uk")
    assert client.get(link).status_code == 200
    if what == "suspended":
        suspend_account(person=person, by=by)
        reinstate_account(person=person, by=by)
    else:
        choose_password(person=person, password="a new and better horse", keep="", by=person)
    assert client.get(link).status_code == 404
    with pytest.raises(Refused, check=lambda refused: refused.code == "link_dead"):
        confirm_personal_email(token=link.rstrip("/").rpartition("/")[2])
    person.refresh_from_db()
    assert person.personal_email == ""
