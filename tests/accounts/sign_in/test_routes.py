"""Every sign-in page under /accounts/ is intended, styled and listed here; allauth's other pages do not exist."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from accounts.models import Role, User
from accounts.urls import sign_in as sign_in_urls
from tests.factories import StudentFactory, UserFactory

pytestmark = pytest.mark.django_db

WANTED = {
    "account_login", "account_logout", "account_inactive", "account_reauthenticate", "account_change_password",
    "account_set_password", "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "sign_on_required", "socialaccount_login_cancelled",
    "openid_connect_login", "openid_connect_callback", "saml_login", "saml_acs", "saml_finish_acs", "saml_metadata",
    "second_factor_enrol", "mfa_index", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp",
    "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_list_webauthn",
    "mfa_add_webauthn", "mfa_login_webauthn", "mfa_reauthenticate_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn",
}  # fmt: skip


def test_every_route_is_listed() -> None:
    names = {pattern.name for pattern in sign_in_urls.urlpatterns if isinstance(pattern, URLPattern)}
    assert names == WANTED


@pytest.mark.parametrize(
    "path",
    [
        "signup/", "email/", "confirm-email/", "confirm-email/key/", "login/code/", "login/code/confirm/", "3rdparty/",
        "3rdparty/signup/", "3rdparty/login/error/", "social/signup/", "signup/passkey/", "2fa/trust/",
        "2fa/recovery-codes/download/", "saml/federation/sls/", "sessions/", "phone/verify/", "",
    ],
)  # fmt: skip
@pytest.mark.policy("SEC-1")
def test_pages_of_allauth_that_we_do_not_use_are_404(path: str) -> None:
    for browser in (Client(), signed_in(StudentFactory())):
        assert browser.get(f"/accounts/{path}").status_code == 404
        assert browser.post(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "socialaccount_signup", "socialaccount_connections"]
)
def test_unused_pages_have_no_url_name(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)
    assert name not in str(get_resolver().reverse_dict.keys())


def signed_in(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


@pytest.fixture
def protected() -> Client:
    """A student with an authenticator app and a passkey who has just entered their password."""
    cache.clear()
    person = StudentFactory(roles=[Role.STUDENT])
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    return signed_in(person)


@pytest.mark.parametrize(
    ("name", "template"),
    [
        ("mfa_index", "mfa/index.html"),
        ("mfa_list_webauthn", "mfa/webauthn/authenticator_list.html"),
        ("account_change_password", "account/password_change.html"),
        ("account_reauthenticate", "account/reauthenticate.html"),
        ("mfa_reauthenticate", "mfa/reauthenticate.html"),
    ],
)
def test_own_pages_are_styled_and_need_signing_in(protected: Client, name: str, template: str) -> None:
    answer = protected.get(reverse(name))
    page = answer.content.decode()
    assert template in [each.name for each in answer.templates]
    assert 'class="site-header' in page or "site-main" in page
    assert Client().get(reverse(name)).status_code == 302


@pytest.mark.policy("SEC-1")
def test_a_passkey_of_somebody_else(protected: Client) -> None:
    """Answers 404 and changes nothing."""
    other = UserFactory()
    row = Authenticator.objects.create(user=other, type="webauthn", data={"name": "theirs", "credential": {}})
    login = StudentFactory()
    browser = Client()
    browser.post("/accounts/login/", {"login": login.email, "password": "correct horse battery"})
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        url = reverse(name, args=[row.pk])
        assert browser.get(url).status_code == 404
        assert browser.post(url, {"name": "mine"}).status_code == 404
    row.refresh_from_db()
    assert row.data["name"] == "theirs"


def test_pages_have_no_inline_scripts(protected: Client) -> None:
    """The content security policy would block it, and the page would not work."""
    for path in ("/accounts/login/", reverse("mfa_index")):
        page: Any = protected.get(path, follow=True).content.decode()
        assert "<script>" not in page
        assert "onclick" not in page
