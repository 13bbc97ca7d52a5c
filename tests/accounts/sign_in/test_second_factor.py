"""Staff must sign in with a second factor, at the University or here; without one they can open no page."""

import time
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken, AuditEntry, Role, User
from accounts.operations.api_tokens import issue_api_token
from tests.accounts.sign_in.conftest import PASSWORD_ONLY, REFEDS_MFA, Oidc, Saml, signed_in_as
from tests.factories import PASSWORD, StudentFactory, UserFactory

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXP"
TODAY = "/staff/today/"


@pytest.fixture(autouse=True)
def needed(settings: Any, db: None) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = True
    cache.clear()


@pytest.fixture(params=sorted(set(Role.values) - {"student", "graduate"}))
def staff(request: pytest.FixtureRequest) -> User:
    """A person with each staff role in turn."""
    return UserFactory(roles=[request.param], university_id="E1234567")


@pytest.fixture
def adviser() -> User:
    return UserFactory(roles=[Role.ADVISER], university_id="E1234567")


def code_of_now() -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(SECRET, counter))


def sign_in(person: User) -> tuple[Client, Any]:
    browser = Client()
    answer = browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return browser, answer


@pytest.mark.policy("SEC-1")
def test_staff_without_one_reach_nothing(staff: User) -> None:
    browser, answer = sign_in(staff)
    assert answer["Location"] == "/"
    assert signed_in_as(browser) == str(staff.pk)
    enrol = reverse("second_factor_enrol")
    for path in ("/", "/profile/", TODAY, "/configuration/", "/admin/", "/admin/accounts/user/", "/accounts/2fa/"):
        answer = browser.get(path)
        assert (answer.status_code, answer["Location"]) == (302, enrol), path
    api = browser.get("/api/v1/me/")
    assert (api.status_code, api.json()["code"]) == (403, "second_factor_needed")
    assert browser.post(reverse("api_token_create"), {"name": "x"})["Location"] == enrol
    assert not ApiToken.objects.exists()
    assert reverse("mfa_add_webauthn") in browser.get(enrol).content.decode()
    assert browser.post(reverse("account_logout")).status_code == 302


def test_students_and_graduates_need_none(db: None) -> None:
    for person in (StudentFactory(), StudentFactory(roles=[Role.GRADUATE])):
        browser, _ = sign_in(person)
        assert browser.get("/").status_code == 200
        assert browser.get(reverse("second_factor_enrol"))["Location"] == reverse("mfa_index")


def test_a_student_who_is_also_staff_is_staff(db: None) -> None:
    browser, _ = sign_in(StudentFactory(roles=[Role.STUDENT, Role.FRONT_DESK]))
    assert browser.get("/")["Location"] == reverse("second_factor_enrol")


def test_the_setting_turns_it_off(staff: User, settings: Any) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = False
    browser, _ = sign_in(staff)
    assert browser.get("/profile/").status_code == 200


@pytest.mark.policy("SEC-1")
@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_gives_access(adviser: User) -> None:
    browser, _ = sign_in(adviser)
    page = browser.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200
    session = browser.session
    secret = page.context["form"].secret
    session.save()
    counter = next(iter(yield_hotp_counters_from_time()))
    answer = browser.post(reverse("mfa_activate_totp"), {"code": format_hotp_value(hotp_value(secret, counter))})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    codes = browser.get(answer["Location"]).content.decode()
    assert codes.count("<li><code>") == 10
    assert "show them again" in codes
    assert "<li><code>" in codes
    assert "****" in browser.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert browser.get(TODAY).status_code == 200
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored
    assert get_adapter().decrypt(stored) == secret
    assert AuditEntry.objects.filter(action="second_factor_added").count() == 2


@pytest.mark.policy("SEC-1")
def test_the_next_sign_in_asks_for_a_code(adviser: User) -> None:
    TOTP.activate(adviser, SECRET)
    browser, answer = sign_in(adviser)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert signed_in_as(browser) == ""
    assert browser.get(TODAY).status_code == 302
    assert browser.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert signed_in_as(browser) == ""
    assert browser.post(reverse("mfa_authenticate"), {"code": code_of_now()}).status_code == 302
    assert browser.get(TODAY).status_code == 200


def test_a_code_is_used_once(adviser: User) -> None:
    TOTP.activate(adviser, SECRET)
    code = code_of_now()
    for expected in (True, False):
        browser, _ = sign_in(adviser)
        browser.post(reverse("mfa_authenticate"), {"code": code})
        assert bool(signed_in_as(browser)) is expected


def test_a_recovery_code(adviser: User) -> None:
    TOTP.activate(adviser, SECRET)
    codes = RecoveryCodes.activate(adviser).get_unused_codes()
    for expected in (True, False):
        browser, _ = sign_in(adviser)
        browser.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert bool(signed_in_as(browser)) is expected
    assert codes[0] not in str(Authenticator.objects.get(type="recovery_codes").data["seed"])


@pytest.mark.policy("SEC-1")
def test_guessing_codes_is_counted(adviser: User) -> None:
    TOTP.activate(adviser, SECRET)
    browser, _ = sign_in(adviser)
    for _ in range(5):
        browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    browser.post(reverse("mfa_authenticate"), {"code": code_of_now()})
    assert signed_in_as(browser) == ""


@pytest.mark.policy("SEC-1")
def test_removing_the_last_factor_asks_to_set_up_another(adviser: User) -> None:
    TOTP.activate(adviser, SECRET)
    browser, _ = sign_in(adviser)
    browser.post(reverse("mfa_authenticate"), {"code": code_of_now()})
    assert browser.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not Authenticator.objects.exists()
    session = browser.session
    session["account_authentication_methods"] = [
        record for record in session["account_authentication_methods"] if record["method"] != "mfa"
    ]
    session.save()
    assert browser.get(TODAY)["Location"] == reverse("second_factor_enrol")


def test_an_earlier_session_must_confirm_with_the_app(adviser: User) -> None:
    """Somebody with an app is signed in by password when the setting is turned on."""
    browser, _ = sign_in(adviser)
    TOTP.activate(adviser, SECRET)
    page = browser.get(reverse("second_factor_enrol")).content.decode()
    assert reverse("mfa_reauthenticate") in page
    browser.post(reverse("mfa_reauthenticate"), {"code": code_of_now()})
    assert browser.get(TODAY).status_code == 200


@pytest.mark.policy("SEC-1")
def test_a_second_factor_counts_only_for_its_person(adviser: User) -> None:
    browser = Client()
    browser.force_login(adviser)
    session = browser.session
    session["second_factor_of"] = adviser.pk + 1
    session.save()
    assert browser.get(TODAY)["Location"] == reverse("second_factor_enrol")


def test_a_personal_token_works(adviser: User) -> None:
    token = issue_api_token(user=adviser, name="script", by=adviser)
    answer = Client().get("/api/v1/me/", headers={"authorization": f"Token {token}"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("claims", "enters"),
    [
        ({"amr": ["pwd", "mfa"]}, True),
        ({"acr": "two"}, True),
        ({"amr": ["pwd"]}, False),
        ({"acr": "one", "amr": ["otp"]}, False),
        ({}, False),
    ],
)
@pytest.mark.policy("SEC-1")
def test_a_second_factor_at_the_university_by_oidc(
    oidc: Oidc, adviser: User, claims: dict[str, Any], enters: bool
) -> None:
    oidc.is_("E1234567", **claims)
    assert oidc.sign_in()["Location"] == "/"
    assert signed_in_as(oidc.browser) == str(adviser.pk)
    assert oidc.browser.get(TODAY).status_code == (200 if enters else 302)


@pytest.mark.parametrize(("authn_context", "enters"), [(REFEDS_MFA, True), (PASSWORD_ONLY, False)])
@pytest.mark.policy("SEC-1")
def test_a_second_factor_at_the_university_by_saml(saml: Saml, adviser: User, authn_context: str, enters: bool) -> None:
    saml.is_("E1234567", options={"authnContextClassRef": authn_context})
    assert saml.sign_in()["Location"] == "/"
    assert saml.browser.get(TODAY).status_code == (200 if enters else 302)


@pytest.mark.policy("SEC-1")
def test_university_without_a_factor_and_an_app_here(oidc: Oidc, adviser: User) -> None:
    """The app is asked for before anybody is signed in; meanwhile the session holds nothing personal."""
    TOTP.activate(adviser, SECRET)
    oidc.is_("E1234567")
    assert oidc.sign_in(onward="/staff/diary/")["Location"] == reverse("mfa_authenticate")
    waiting = str(dict(oidc.browser.session))
    assert adviser.email not in waiting
    assert adviser.password not in waiting
    assert "access_token" not in waiting
    answer = oidc.browser.post(reverse("mfa_authenticate"), {"code": code_of_now()})
    assert answer["Location"] == "/staff/diary/"
    assert oidc.browser.get(TODAY).status_code == 200


def test_university_with_a_factor_and_an_app_here(oidc: Oidc, adviser: User) -> None:
    TOTP.activate(adviser, SECRET)
    oidc.is_("E1234567", amr=["mfa"])
    assert oidc.sign_in()["Location"] == "/"


def test_setting_up_a_factor_needs_recent_authentication(adviser: User) -> None:
    """Setting up a factor needs recent authentication: five minutes after the password, it asks for it again."""
    browser, _ = sign_in(adviser)
    session = browser.session
    session["account_authentication_methods"][0]["at"] = time.time() - 400
    session.save()
    answer = browser.get(reverse("mfa_activate_totp"))
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    answer = browser.post(answer["Location"], {"password": PASSWORD})
    assert browser.get(reverse("mfa_activate_totp")).status_code == 200


def test_the_password_asked_again_is_counted(adviser: User) -> None:
    browser, _ = sign_in(adviser)
    for _ in range(5):
        browser.post(reverse("account_reauthenticate"), {"password": "wrong"})
    page = browser.post(reverse("account_reauthenticate"), {"password": PASSWORD}).content.decode()
    assert "Too many" in page


@pytest.mark.policy("SEC-1")
def test_an_administrator_resets_lost_factors(adviser: User) -> None:
    """An administrator removes the lost factors, which is recorded, and the next sign-in asks to set up a new one."""
    TOTP.activate(adviser, SECRET)
    RecoveryCodes.activate(adviser)
    out = StringIO()
    call_command("reset_second_factor", adviser.email.upper(), stdout=out)
    assert out.getvalue().startswith("2 removed")
    assert AuditEntry.objects.get(action="second_factor_reset").details == {"removed": 2}
    browser, answer = sign_in(adviser)
    assert answer["Location"] == "/"
    assert browser.get(TODAY)["Location"] == reverse("second_factor_enrol")
    with pytest.raises(CommandError, match="Nobody has"):
        call_command("reset_second_factor", "nobody@example.ac.uk")
