"""Nobody can lock out somebody else, guess passwords without limit, or be sent emails without limit (SEC-1)."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.db.models import F
from django.test import Client
from django.urls import reverse

from accounts.models import CountedEvent, EventKind, PolicySetting, Role, SignIn, User
from accounts.operations.account_status import reinstate_account, suspend_account
from accounts.operations.count_events import Counted, Limit, count_event
from accounts.operations.forget import forget_limits
from accounts.operations.sign_ins import end_other_sign_ins, end_sign_in
from foundation.values.networks import place_of
from foundation.values.times import database_now, local_day
from tests.appointments.racing import race
from tests.factories import PASSWORD, StudentFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.policy("SEC-1")]

EMAIL, LOGIN, RESET = "amara@example.ac.uk", "/accounts/login/", "/accounts/password/reset/"
SECRET = "JBSWY3DPEHPK3PXP"
NEW = "a new and better horse"
HERE, THERE = {"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": "198.51.100.9"}


@pytest.fixture(autouse=True)
def begin(db: None, outbox: None) -> None:
    """Sends emails to the outbox."""


@pytest.fixture
def student() -> User:
    return StudentFactory(email=EMAIL)


def attempt(browser: Client, password: str = PASSWORD, email: str = EMAIL, **place: Any) -> bool:
    return browser.post(LOGIN, {"login": email, "password": password}, **place).status_code == 302


def guess(times: int, email: str = EMAIL, **place: Any) -> None:
    for _ in range(times):
        attempt(Client(), "wrong", email, **place)


def known(**place: Any) -> Client:
    """A browser in which the student has signed in before."""
    browser = Client()
    assert attempt(browser, **place)
    browser.post("/accounts/logout/")
    return browser


def set_policy(**values: int) -> None:
    for key, value in values.items():
        PolicySetting.objects.create(key=key, value=value, effective_from=local_day(database_now()))


def age(by: timedelta) -> None:
    CountedEvent.objects.update(at=F("at") - by)


# Wrong passwords


def test_a_stranger_elsewhere_cannot_lock_out_the_owner(student: User) -> None:
    guess(5, **THERE)
    assert not attempt(Client(), **THERE)
    assert attempt(Client(), **HERE)


def test_a_known_device_is_not_locked_out_by_somebody_in_the_same_place(student: User) -> None:
    mine = known(**HERE)
    guess(6, **HERE)
    assert not attempt(Client(), **HERE)
    assert attempt(mine, **HERE)


def test_a_known_device_has_a_limit_of_its_own(student: User) -> None:
    mine = known(**HERE)
    for _ in range(10):
        assert not attempt(mine, "wrong", **HERE)
    assert not attempt(mine, **HERE)
    assert attempt(Client(), **HERE)
    age(timedelta(minutes=5))
    assert attempt(mine, **HERE)


def test_a_device_is_known_to_its_own_account_only(student: User) -> None:
    other = StudentFactory(email="other@example.ac.uk")
    mine = known(**HERE)
    for _ in range(5):
        attempt(mine, "wrong", other.email, **HERE)
    assert not attempt(mine, email=other.email, **HERE)
    assert attempt(mine, **HERE)


def test_two_people_share_a_browser_and_both_are_known(student: User) -> None:
    other = StudentFactory(email="other@example.ac.uk")
    browser = known(**HERE)
    assert attempt(browser, email=other.email, **HERE)
    browser.post("/accounts/logout/")
    guess(6, **HERE)
    guess(6, other.email, **HERE)
    assert attempt(browser, **HERE)
    browser.post("/accounts/logout/")
    assert attempt(browser, email=other.email, **HERE)


@pytest.mark.parametrize("said", ["", "x", "WyJ4Il0:1abc:def", "é"])
def test_a_forged_cookie_makes_no_device_known(student: User, said: str) -> None:
    guess(5, **HERE)
    browser = Client()
    browser.cookies[settings.KNOWN_DEVICE_COOKIE_NAME] = said
    assert not attempt(browser, **HERE)


def test_the_cookie_is_signed_and_out_of_reach_of_scripts(student: User) -> None:
    cookie = known().cookies[settings.KNOWN_DEVICE_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 90 * 24 * 60 * 60
    assert EMAIL not in cookie.value


def test_a_distributed_guess_is_slowed_down_and_a_known_device_is_not(student: User) -> None:
    """All other places together get 50 attempts an hour, then one a minute."""
    mine = known(**HERE)
    for number in range(10):
        guess(5, REMOTE_ADDR=f"203.0.113.{number}")
    assert not attempt(Client(), REMOTE_ADDR="203.0.113.99")
    assert attempt(mine, **HERE)
    age(timedelta(seconds=61))
    assert attempt(Client(), REMOTE_ADDR="203.0.113.99")


def test_a_distributed_guess_gets_one_try_a_minute(student: User) -> None:
    limit = Limit(EventKind.PASSWORD, "person:1", 50, timedelta(hours=1), then_every=timedelta(minutes=1))
    tried = sum(count_event(limit).is_allowed for _ in range(60))
    for _ in range(5):
        age(timedelta(minutes=1))
        tried += sum(count_event(limit).is_allowed for _ in range(10))
    assert tried == 55


def test_one_place_cannot_try_one_password_on_many_accounts(student: User) -> None:
    set_policy(sign_in_tries_place=10)
    for number in range(10):
        guess(1, f"somebody{number}@example.ac.uk", **THERE)
    assert not attempt(Client(), **THERE)
    assert attempt(Client(), **HERE)


def test_the_right_password_is_not_counted(student: User) -> None:
    for _ in range(7):
        assert attempt(Client(), **HERE)
    assert not CountedEvent.objects.exists()


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7/32"),
        ("unix:", ""),
    ],
)
def test_a_place_is_an_ipv4_address_or_an_ipv6_64(address: str, place: str) -> None:
    assert place_of(address) == place


def test_a_network_of_ipv6_is_one_place(student: User) -> None:
    for number in range(5):
        guess(1, REMOTE_ADDR=f"2001:db8:1:2::{number}")
    assert not attempt(Client(), REMOTE_ADDR="2001:db8:1:2:ffff::1")
    assert attempt(Client(), REMOTE_ADDR="2001:db8:1:3::1")


@pytest.mark.parametrize("how", ["ended", "others_ended", "suspended"])
def test_a_device_whose_session_was_ended_is_no_longer_known(student: User, how: str) -> None:
    mine, by = known(**HERE), UserFactory()
    if how == "ended":
        end_sign_in(sign_in=SignIn.objects.get(person=student), by=student)
    elif how == "others_ended":
        end_other_sign_ins(person=student, keep="", by=student)
    else:
        suspend_account(person=student, by=by)
        reinstate_account(person=student, by=by)
    guess(5, **HERE)
    assert not attempt(mine, **HERE)


def test_names_are_not_in_the_table(student: User) -> None:
    guess(1)
    assert not any(EMAIL in str(row) or str(student.pk) == row["key"] for row in CountedEvent.objects.values())


def test_counts_are_deleted_after_a_day(student: User) -> None:
    guess(1)
    assert forget_limits() == 0
    age(timedelta(days=1, minutes=1))
    assert forget_limits() >= 1
    assert not CountedEvent.objects.exists()


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_thirty_at_once_are_no_more_than_five() -> None:
    limit = Limit(EventKind.PASSWORD, "person:1", 5, timedelta(minutes=5))
    outcome = race([lambda: count_event(limit) for _ in range(30)])
    assert outcome.broken == []
    assert sum(isinstance(each, Counted) and each.is_allowed for each in outcome.done) == 5
    assert CountedEvent.objects.count() == 5


# Codes of the second factor


def code() -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(SECRET, counter)))


def with_password(**place: Any) -> Client:
    """A browser that has entered the password but not the code."""
    browser = Client()
    assert browser.post(LOGIN, {"login": EMAIL, "password": PASSWORD}, **place)["Location"] == reverse(
        "mfa_authenticate"
    )
    return browser


def send_code(browser: Client, code: str, **place: Any) -> bool:
    return browser.post(reverse("mfa_authenticate"), {"code": code}, **place).status_code == 302


@pytest.fixture
def adviser() -> User:
    adviser = UserFactory(email=EMAIL, roles=[Role.ADVISER])
    TOTP.activate(adviser, SECRET)
    return adviser


def test_codes_tried_elsewhere_cannot_lock_out_the_owner(adviser: User) -> None:
    thief = with_password(**THERE)
    for _ in range(5):
        assert not send_code(thief, "000000", **THERE)
    assert not send_code(thief, code(), **THERE)
    assert send_code(with_password(**HERE), code(), **HERE)


def test_codes_from_many_places_have_a_hard_limit_that_no_known_device_feels(adviser: User) -> None:
    mine = with_password(**HERE)
    assert send_code(mine, code(), **HERE)
    mine.post("/accounts/logout/")
    for number in range(4):
        place = {"REMOTE_ADDR": f"203.0.113.{number}"}
        thief = with_password(**place)
        for _ in range(5):
            assert not send_code(thief, "000000", **place)
    wrong, here = {"code": "000000"}, reverse("mfa_authenticate")
    assert "Too many" in with_password(**THERE).post(here, wrong, **THERE).content.decode()
    mine.post(LOGIN, {"login": EMAIL, "password": PASSWORD}, **HERE)
    assert "Too many" not in mine.post(here, wrong, **HERE).content.decode()
