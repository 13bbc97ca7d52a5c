"""Signing in and resetting a password reveal nothing to strangers: not by text, work done, links or counts."""

import re
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from redis import Redis

from accounts.models import User
from messaging.models import OutboxMessage
from tests.accounts.sign_in.conftest import subject_of
from tests.factories import PASSWORD, StudentFactory
from tools.valkey import Valkey

pytestmark = pytest.mark.django_db

HOSTILE = {"host": "evil.example", "x-forwarded-host": "evil.example"}


@pytest.fixture(autouse=True)
def begin(db: None, outbox: None) -> None:
    cache.clear()


@pytest.fixture
def student() -> User:
    return StudentFactory(email="amara@example.ac.uk")


@pytest.fixture
def without_password() -> User:
    """A person from the feed who signs in at the University."""
    person = StudentFactory(email="fed@example.ac.uk")
    person.set_unusable_password()
    person.save()
    return person


@pytest.fixture
def closed() -> User:
    return StudentFactory(email="closed@example.ac.uk", is_active=False)


STATEMENTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "DECLARE")
"""Statements that make PostgreSQL work. Savepoints are left out: they differ in a test's transaction."""


def words(page: Any) -> str:
    """The page without form tokens and without the text that was typed."""
    return re.sub(r'(value|x-csrftoken)("|&quot;|=|:| )+[^">]+', "", page.content.decode())


ADDRESSES = ("amara@example.ac.uk", "fed@example.ac.uk", "closed@example.ac.uk", "nobody@example.ac.uk")


@pytest.mark.policy("SEC-1")
def test_signing_in_answers_everybody_alike(student: User, without_password: User, closed: User) -> None:
    """Computes one password hash for anybody; page and status are the same."""
    seen = set()
    for login in ADDRESSES:
        with patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode) as hashing:
            page = Client().post("/accounts/login/", {"login": login, "password": "wrong"})
        seen.add((page.status_code, words(page).replace(login, ""), hashing.call_count))
    assert len(seen) == 1
    ((status, said, hashes),) = seen
    assert (status, hashes) == (200, 1)
    assert "not correct" in said


@pytest.mark.policy("SEC-1")
def test_resetting_answers_everybody_alike(student: User, without_password: User, closed: User) -> None:
    """The same queries and the same answer; only the address of an open account gets an email."""
    seen = set()
    for email in ADDRESSES:
        browser = Client()
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = browser.post("/accounts/password/reset/", {"email": email})
        work = [query["sql"].split(" ")[0] for query in queries]
        seen.add((answer.status_code, answer["Location"], *(each for each in work if each in STATEMENTS)))
    assert len(seen) == 1
    assert "INSERT" in seen.pop()
    assert {message.to_address for message in OutboxMessage.objects.all()} == {student.email, without_password.email}


@pytest.mark.policy("SEC-1")
@pytest.mark.parametrize("email", ["amara@example.ac.uk", "AMARA@example.ac.uk"])
def test_the_link_to_reset_comes_from_the_settings(student: User, email: str) -> None:
    answer = Client().post("/accounts/password/reset/", {"email": email}, headers=HOSTILE)
    assert answer.status_code == 302
    message = OutboxMessage.objects.get()
    assert message.subject == subject_of("password_reset_key")
    assert "evil.example" not in message.subject + message.body_text + message.body_html
    (link,) = re.findall(r"https://\S+/accounts/password/reset/key/\S+", message.body_text)
    assert link.startswith("https://careers.example.ac.uk/")
    browser = Client()
    page = browser.get(browser.get(link.removeprefix("https://careers.example.ac.uk"))["Location"])
    new = "a new and better horse"
    answer = browser.post(page.request["PATH_INFO"], {"password1": new, "password2": new}, headers=HOSTILE)
    assert answer["Location"] == reverse("account_reset_password_from_key_done")
    assert Client().post("/accounts/login/", {"login": student.email, "password": new})["Location"] == "/"
    told = OutboxMessage.objects.exclude(pk=message.pk).get()
    assert told.subject == subject_of("password_changed")
    assert "evil.example" not in told.body_text


@pytest.mark.policy("SEC-1")
def test_a_link_to_reset_works_once(student: User) -> None:
    Client().post("/accounts/password/reset/", {"email": student.email})
    (link,) = re.findall(
        r"careers.example.ac.uk(/accounts/password/reset/key/\S+)", OutboxMessage.objects.get().body_text
    )
    browser = Client()
    inside = browser.get(link)["Location"]
    browser.post(inside, {"password1": "a new and better horse", "password2": "a new and better horse"})
    assert "no longer works" in Client().get(link, follow=True).content.decode()


def fail(times: int, login: str = "amara@example.ac.uk", **more: Any) -> None:
    for _ in range(times):
        Client().post("/accounts/login/", {"login": login, "password": "wrong"}, **more)


def may_sign_in(**more: Any) -> bool:
    answer = Client().post("/accounts/login/", {"login": "amara@example.ac.uk", "password": PASSWORD}, **more)
    return answer.status_code == 302


@pytest.mark.policy("SEC-1")
def test_the_lock_outlives_a_flush_of_valkey(student: User, own_valkey: Valkey, settings: Any) -> None:
    settings.REDIS_URL = settings.CELERY_BROKER_URL = own_valkey.url(0)
    fail(4)
    assert may_sign_in()
    fail(1)
    assert not may_sign_in()
    assert Redis.from_url(own_valkey.url(0)).flushall()
    assert not may_sign_in()
    own_valkey.stop()
    assert not may_sign_in()


@pytest.mark.policy("SEC-1")
def test_another_host_header_does_not_open_the_lock(student: User) -> None:
    for number in range(5):
        fail(1, headers={"host": f"host{number}.example"})
    assert not may_sign_in()
    assert not may_sign_in(headers={"host": "fresh.example"})


def test_an_unknown_address_is_locked_just_the_same(student: User) -> None:
    pages = []
    for login in ("amara@example.ac.uk", "nobody@example.ac.uk"):
        cache.clear()
        fail(5, login)
        pages.append(words(Client().post("/accounts/login/", {"login": login, "password": "wrong"})).replace(login, ""))
    assert pages[0] == pages[1]
    assert "Too many" in pages[0]
