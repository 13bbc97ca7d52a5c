"""Password reset links: how many, how long they work, and what a new password ends (SEC-1)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken, AuditEntry, SignIn, User
from accounts.operations.account_status import reinstate_account, suspend_account
from accounts.operations.api_tokens import issue_api_token
from messaging.models import OutboxMessage
from tests.accounts.sign_in.conftest import subject_of
from tests.accounts.sign_in.test_limits import EMAIL, HERE, THERE, age, attempt, guess, known, set_policy
from tests.factories import PASSWORD, StudentFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.policy("SEC-1")]

RESET, NEW = "/accounts/password/reset/", "a new and better horse"


@pytest.fixture(autouse=True)
def begin(db: None, outbox: None) -> None:
    """Sends emails to the outbox."""


@pytest.fixture
def student() -> User:
    return StudentFactory(email=EMAIL)


# Links to choose a new password


def letters(subject: str = "Choose a new password") -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(subject=subject).order_by("pk"))


def ask(email: str = EMAIL, **place: Any) -> tuple[int, str]:
    answer = Client().post(RESET, {"email": email}, **place)
    return answer.status_code, answer["Location"]


def link_in(message: OutboxMessage) -> str:
    return re.findall(r"careers.example.ac.uk(/accounts/password/reset/key/\S+)", message.body_text)[0]


def choose(link: str, password: str = NEW) -> bool:
    """Opens the link and saves a password. Returns whether the link still worked."""
    browser = Client()
    inside = browser.get(link)
    if inside.status_code != 302:
        return False
    browser.post(inside["Location"], {"password1": password, "password2": password})
    return True


def test_three_links_an_hour_for_an_account_and_the_same_answer_after(student: User) -> None:
    answers = {ask() for _ in range(6)} | {ask("nobody@example.ac.uk") for _ in range(6)}
    assert answers == {(302, reverse("account_reset_password_done"))}
    assert len(letters()) == 3
    age(timedelta(hours=1))
    ask()
    assert len(letters()) == 4


def test_both_addresses_of_an_account_share_one_limit(student: User) -> None:
    User.objects.filter(pk=student.pk).update(personal_email="amara@home.example")
    for _ in range(3):
        ask()
        ask("AMARA@home.example")
    assert len(letters()) == 3


def test_links_for_many_accounts_from_one_place_are_limited(student: User) -> None:
    set_policy(reset_letters_place=5)
    for number in range(5):
        ask(f"somebody{number}@example.ac.uk", **THERE)
    assert ask(**THERE) == (302, reverse("account_reset_password_done"))
    assert letters() == []
    ask(**HERE)
    assert len(letters()) == 1


@pytest.mark.policy("SEC-4")
def test_a_link_from_before_a_suspension_dies_with_it(student: User) -> None:
    by = UserFactory()
    ask()
    link = link_in(letters()[0])
    suspend_account(person=student, by=by)
    assert not choose(link)
    reinstate_account(person=student, by=by)
    assert not choose(link)
    ask()
    assert choose(link_in(letters()[1]))


def test_older_links_die_with_a_reset(student: User) -> None:
    ask()
    ask()
    first, second = map(link_in, letters())
    assert choose(second)
    assert not choose(first)


def test_a_link_dies_when_the_personal_address_changes(student: User) -> None:
    ask()
    User.objects.filter(pk=student.pk).update(personal_email="amara@home.example")
    assert not choose(link_in(letters()[0]))


# A new password ends sessions, tokens and known devices


@pytest.fixture
def token(student: User) -> str:
    return issue_api_token(user=student, name="calendar", by=student)


def token_works(token: str) -> bool:
    return Client().get("/api/v1/me/", headers={"authorization": f"Token {token}"}).status_code == 200


def signed_in(browser: Client) -> bool:
    return browser.get("/profile/").status_code == 200


def test_a_reset_ends_sessions_tokens_and_known_devices(student: User, token: str) -> None:
    other, mine = Client(), known(**HERE)
    assert attempt(other)
    assert token_works(token)
    ask()
    assert choose(link_in(letters()[0]))
    assert not signed_in(other)
    assert not token_works(token)
    assert ApiToken.objects.get().revoked_at
    guess(5, **HERE)
    assert not attempt(mine, NEW, **HERE)
    said = AuditEntry.objects.get(action="password_chosen").details
    assert said == {"tokens": 1, "sign_ins": 1}
    assert "API tokens" in letters(subject_of("password_changed"))[0].body_text


def test_changing_a_password_ends_everything_but_this_session(student: User, token: str) -> None:
    here, other = Client(), Client()
    assert attempt(here)
    assert attempt(other)
    assert "API tokens" in here.get("/accounts/password/change/").content.decode()
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert here.post("/accounts/password/change/", sent).status_code == 302
    assert signed_in(here)
    assert not signed_in(other)
    assert not token_works(token)
    endings = dict(SignIn.objects.filter(person=student).values_list("ending", "remembered"))
    assert endings == {"": True, "password": False}
    why = other.get("/profile/", follow=True).content.decode()
    assert "new password" in why or not signed_in(other)


def test_a_first_password_ends_everything_but_this_session(student: User, token: str) -> None:
    here = Client()
    assert attempt(here)
    person = User.objects.get(pk=student.pk)
    person.set_unusable_password()
    person.save()
    here.force_login(person)
    assert here.post("/accounts/password/set/", {"password1": NEW, "password2": NEW}).status_code == 302
    assert signed_in(here)
    assert not token_works(token)


def test_a_new_password_can_be_used_at_once(student: User) -> None:
    for number in range(11):
        guess(5, REMOTE_ADDR=f"203.0.113.{number}")
    guess(5, **HERE)
    assert not attempt(Client(), **HERE)
    ask(**HERE)
    browser = Client(**HERE)
    inside = browser.get(link_in(letters()[0]))["Location"]
    browser.post(inside, {"password1": NEW, "password2": NEW})
    assert attempt(Client(), NEW, **HERE)
