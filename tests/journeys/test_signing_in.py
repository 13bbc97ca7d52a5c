"""Signing in with passkeys, at the University and by code, in a real browser with a virtual authenticator."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Role, User
from messaging.models import OutboxMessage
from tests.accounts.sign_in.conftest import (
    CALLBACK_PATH,
    CLIENT_ID,
    CLIENT_SECRET,
    EMPLOYEE_NUMBER,
    ENTITY_ID,
    PERSISTENT,
    federation,
    federation_at,
    university_at,
    write_keys,
)
from tests.factories import PASSWORD, StudentFactory, UserFactory
from tests.peers.node_peer import NodePeer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Inspect = Callable[[Page], None]


@pytest.fixture(autouse=True)
def begin(settings: Any, live_server: LiveServer) -> None:
    """Passkeys belong to the site's own address, which browsers require to be https or localhost."""
    settings.SITE_URL = live_server.url
    settings.EMAIL_BACKEND = "messaging.mail_backend.backend.OutboxBackend"
    cache.clear()


def with_passkeys(page: Page) -> Any:
    """A device that has passkeys and confirms the user's presence."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page, person: User) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(person.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.policy("SEC-1")
def test_staff_set_up_a_passkey_and_use_it(wide_and_narrow: Page, settings: Any, inspect: Inspect) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = True
    page, adviser = wide_and_narrow, UserFactory(given_name="Helen", roles=[Role.ADVISER])
    with_passkeys(page)
    sign_in(page, adviser)
    expect(page.get_by_role("heading", name="Protect your account")).to_be_visible()
    inspect(page)
    page.get_by_role("link", name="Set up a passkey").click()
    inspect(page)
    page.get_by_role("button", name="Add a passkey on this device").click()
    expect(page.get_by_role("heading", name="Recovery codes", level=1)).to_be_visible()
    inspect(page)
    page.get_by_role("link", name="Continue").click()
    expect(page).to_have_url(re.compile("/staff/today/"))
    page.goto(reverse("mfa_index"))
    inspect(page)
    page.get_by_role("link", name="See or remove them").click()
    inspect(page)
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    inspect(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/staff/today/"))
    page.context.clear_cookies()
    sign_in(page, adviser)
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    inspect(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile("/staff/today/"))


def test_staff_set_up_an_app(phone: Page, settings: Any, inspect: Inspect) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = True
    adviser = UserFactory(roles=[Role.ADVISER])
    sign_in(phone, adviser)
    phone.get_by_role("link", name="Set up an app").click()
    inspect(phone)
    phone.get_by_label("Authenticator code").fill("000000")
    phone.get_by_role("button", name="Use this app").click()
    expect(phone.get_by_role("alert").get_by_text("Incorrect code")).to_be_visible()
    inspect(phone)


def test_a_browser_without_passkeys(phone: Page, inspect: Inspect) -> None:
    phone.add_init_script("delete window.PublicKeyCredential")
    phone.goto("/accounts/login/")
    expect(phone.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()


def test_a_passkey_that_is_refused_says_so(phone: Page) -> None:
    """There is no authenticator, so the page turns the browser's error into a sentence."""
    phone.context.new_cdp_session(phone).send("WebAuthn.enable")
    phone.add_init_script("navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError'))")
    phone.goto("/accounts/login/")
    phone.get_by_role("button", name="Sign in with a passkey").click()
    expect(phone.get_by_role("alert")).to_contain_text("No passkey was used")


@pytest.mark.policy("SEC-1")
def test_a_student_keeps_access_with_a_passkey(wide_and_narrow: Page, inspect: Inspect) -> None:
    """Takes two minutes on a phone: an address, its link, a passkey. Later one press signs the graduate in."""
    page = wide_and_narrow
    ends = timezone.localdate() + timedelta(days=10)
    student = StudentFactory(course={"expected_end_on": ends, "started_on": date(2020, 9, 1)})
    with_passkeys(page)
    sign_in(page, student)
    page.get_by_role("link", name="Keep your access").click()
    inspect(page)
    page.get_by_label("Your personal email address").fill("amara@home.example")
    page.get_by_role("button", name="Send link").click()
    expect(page.get_by_text("Open the link we sent")).to_be_visible()
    inspect(page)
    (link,) = re.findall(r"\S+/keep-access/\S+", OutboxMessage.objects.get().body_text)
    page.goto(link)
    inspect(page)
    page.get_by_role("button", name="Yes, confirm it").click()
    expect(page.get_by_role("heading", name="You keep your access")).to_be_visible()
    inspect(page)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Add a passkey on this device").click()
    expect(page).to_have_url(re.compile("/keep-access/"))
    User.objects.update(roles=[Role.GRADUATE])
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name=f"Hello, {student.first_name}")).to_be_visible()


@pytest.fixture
def university(live_server: LiveServer, settings: Any) -> Iterator[NodePeer]:
    """The University's provider, which sends people back to this live server."""
    peer = NodePeer("oidc_peer.mjs", f"{live_server.url}{CALLBACK_PATH}", CLIENT_ID, CLIENT_SECRET)
    settings.SIGN_ON_PROVIDERS = (university_at(peer),)
    yield peer
    peer.stop()


@pytest.mark.policy("SEC-1")
def test_signing_in_at_the_university(wide_and_narrow: Page, university: NodePeer, inspect: Inspect) -> None:
    page, student = wide_and_narrow, StudentFactory(university_id="S1234567", given_name="Amara")
    university.tell(person={"sub": "subject-1", "university_id": "S1234567"})
    page.goto("/profile/")
    inspect(page)
    page.get_by_role("button", name="Sign in with Northbridge University").click()
    expect(page.get_by_role("heading", name="Your profile")).to_be_visible()
    assert student.socialaccount_set.count() == 1
    page.context.clear_cookies()
    university.tell(person={"sub": "subject-2", "university_id": "S0000000"})
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with Northbridge University").click()
    expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()
    inspect(page)
    page.context.clear_cookies()
    university.tell(person={"sub": "subject-1"}, lie="nonce")
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with Northbridge University").click()
    expect(page.get_by_role("heading", name="That sign-in did not work")).to_be_visible()
    inspect(page)


@pytest.mark.policy("SEC-1")
def test_signing_in_by_saml(phone: Page, live_server: LiveServer, settings: Any, tmp_path: Path) -> None:
    """The provider posts from another site, so browsers send no session cookie."""
    StudentFactory(university_id="S1234567")
    keys = write_keys(tmp_path)
    peer = federation(keys)
    settings.SIGN_ON_PROVIDERS = (federation_at(peer, keys),)
    try:
        person = {"subject": "subject-1", "format": PERSISTENT, "attributes": {EMPLOYEE_NUMBER: "S1234567"}}
        acs = f"{live_server.url}/accounts/saml/federation/acs/"
        peer.tell(person=person, issuer=ENTITY_ID, acs=acs, options={})
        phone.goto("/profile/")
        phone.get_by_role("button", name="Sign in with Northbridge Federation").click()
        expect(phone.get_by_role("heading", name="Your profile")).to_be_visible()
    finally:
        peer.stop()


def test_the_other_sign_in_pages_have_no_findings(phone: Page, university: NodePeer, inspect: Inspect) -> None:
    for address in ("university/", "university/cancelled/", "inactive/", "password/reset/", "password/reset/done/"):
        phone.goto(f"/accounts/{address}")
        inspect(phone)


def test_signing_in_at_the_university_without_scripts(open_page: Callable[..., Page], university: NodePeer) -> None:
    StudentFactory(university_id="S1234567")
    university.tell(person={"sub": "subject-1", "university_id": "S1234567"})
    page = open_page({"width": 390, "height": 844}, java_script_enabled=False)
    page.goto("/profile/")
    page.get_by_role("button", name="Sign in with Northbridge University").click()
    expect(page.get_by_role("heading", name="Your profile")).to_be_visible()
