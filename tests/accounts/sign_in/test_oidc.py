"""Complete sign-ins at a real OpenID provider, and attacks, each of which is refused."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.cache import cache
from django.test import Client

from accounts.models import AuditEntry, Role, User
from accounts.rules.identity import identity_key
from tests.accounts.sign_in.conftest import Oidc, change_provider, leaving_address, path_of, signed_in_as
from tests.factories import StudentFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def student(db: None) -> User:
    return StudentFactory(university_id="S1234567", given_name="Amara")


@pytest.mark.policy("SEC-1")
def test_a_first_sign_in_is_bound_by_the_university_id(oidc: Oidc, student: User) -> None:
    oidc.is_("S1234567", email="whatever@somewhere.example")
    answer = oidc.sign_in(onward="/profile/")
    assert (answer.status_code, answer["Location"]) == (302, "/profile/")
    assert signed_in_as(oidc.browser) == str(student.pk)
    account = SocialAccount.objects.get()
    assert account.user == student
    assert account.extra_data == {"issuer": oidc.peer.url, "subject": "subject-1"}
    assert "subject-1" not in account.uid
    assert AuditEntry.objects.get(action="identity_bound").subject_id == student.public_id
    assert not SocialToken.objects.exists()


def test_a_later_sign_in_needs_no_claim_and_no_address(oidc: Oidc, student: User) -> None:
    oidc.is_("S1234567")
    oidc.sign_in()
    oidc.browser = Client()
    oidc.is_(None, email="changed@example.ac.uk")
    assert oidc.sign_in().status_code == 302
    assert signed_in_as(oidc.browser) == str(student.pk)
    assert SocialAccount.objects.count() == 1


@pytest.mark.policy("SEC-1")
def test_the_same_subject_at_another_provider_is_another_person(oidc: Oidc, student: User, settings: Any) -> None:
    """An identity is issuer plus subject: another provider may have its own `subject-1`."""
    oidc.is_("S1234567")
    oidc.sign_in()
    before = SocialAccount.objects.get()
    other = StudentFactory(university_id="S7654321")

    assert before.uid == identity_key(oidc.peer.url, "subject-1")
    assert before.uid != identity_key("https://login.other.example", "subject-1")
    assert identity_key("ab", "c") != identity_key("a", "bc")
    assert other != before.user


@pytest.mark.parametrize(
    ("university_id", "code"), [("S0000000", "person_unknown"), (None, "no_university_id"), ("", "no_university_id")]
)
@pytest.mark.policy("SEC-1")
def test_nobody_signs_themselves_up(oidc: Oidc, student: User, university_id: str | None, code: str) -> None:
    people = User.objects.count()
    oidc.is_(university_id, email=student.email, email_verified=True)
    answer = oidc.sign_in()
    page = answer.content.decode()
    assert answer.status_code == 403
    assert code in page
    assert "careers@example.ac.uk" in page
    assert signed_in_as(oidc.browser) == ""
    assert (User.objects.count(), SocialAccount.objects.count()) == (people, 0)


@pytest.mark.policy("SEC-1")
def test_an_address_of_staff_opens_nothing(oidc: Oidc, student: User) -> None:
    """Refused even if it is said to be verified, and even together with a student's own university id."""
    staff = UserFactory(roles=[Role.ADMINISTRATOR], email="boss@example.ac.uk")
    for university_id in (None, "S0000000", "S1234567"):
        oidc.is_(university_id, email="Boss@Example.ac.uk", email_verified=True)
        answer = oidc.sign_in()
        assert answer.status_code == 403
        assert "email_of_staff" in answer.content.decode()
    assert signed_in_as(oidc.browser) == ""
    assert not SocialAccount.objects.filter(user=staff).exists()
    assert not SocialAccount.objects.exists()


def test_an_address_of_staff_stops_a_bound_identity_too(oidc: Oidc, student: User) -> None:
    oidc.is_("S1234567")
    oidc.sign_in()
    oidc.browser = Client()
    UserFactory(roles=[Role.EDITOR], email="editor@example.ac.uk")
    oidc.is_("S1234567", email="editor@example.ac.uk")
    assert oidc.sign_in().status_code == 403
    assert signed_in_as(oidc.browser) == ""


@pytest.mark.policy("SEC-1")
def test_a_second_identity_cannot_take_the_account(oidc: Oidc, student: User) -> None:
    oidc.is_("S1234567")
    oidc.sign_in()
    oidc.browser = Client()
    oidc.is_("S1234567", subject="subject-2")
    answer = oidc.sign_in()
    assert answer.status_code == 403
    assert "bound_to_another" in answer.content.decode()
    assert SocialAccount.objects.count() == 1


def test_an_identity_that_now_names_another_person_is_refused(oidc: Oidc, student: User) -> None:
    oidc.is_("S1234567")
    oidc.sign_in()
    StudentFactory(university_id="S7654321")
    oidc.browser = Client()
    oidc.is_("S7654321")
    answer = oidc.sign_in()
    assert answer.status_code == 403
    assert "identity_changed" in answer.content.decode()


def test_an_account_that_is_closed_stays_closed(oidc: Oidc, student: User) -> None:
    oidc.is_("S1234567")
    oidc.sign_in()
    User.objects.filter(pk=student.pk).update(is_active=False)
    oidc.browser = Client()
    answer = oidc.sign_in()
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/inactive/")
    assert signed_in_as(oidc.browser) == ""


LIES = [
    "nonce", "no_nonce", "audience", "two_audiences", "issuer", "expired", "from_tomorrow", "other_key", "unknown_kid",
    "none", "hs256_public_key", "hs256_client_secret", "tampered", "no_subject", "missing",
]  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.policy("SEC-1")
def test_a_lie_in_the_id_token_signs_nobody_in(oidc: Oidc, student: User, lie: str) -> None:
    oidc.is_("S1234567", lie=lie)
    answer = oidc.sign_in()
    assert answer.status_code == 401
    assert answer.templates[0].name == "socialaccount/authentication_error.html"
    assert signed_in_as(oidc.browser) == ""
    assert not SocialAccount.objects.exists()


def test_the_same_token_without_a_lie_is_accepted(oidc: Oidc, student: User) -> None:
    """The same token signed without a lie is accepted, so the tests above fail for the reason they name."""
    oidc.is_("S1234567", lie="honest_again")
    assert oidc.sign_in().status_code == 302


def test_a_discovery_document_of_another_issuer(oidc: Oidc, student: User) -> None:
    oidc.is_("S1234567", lie="discovery")
    answer = oidc.browser.post("/accounts/oidc/university/login/")
    assert answer.status_code == 503
    assert "does not answer" in answer.content.decode()


def test_userinfo_about_somebody_else(oidc: Oidc, student: User, settings: Any) -> None:
    change_provider(settings, "university", university_id_claim="employee_number")
    oidc.is_("S1234567", user_info="subject-2", employee_number="S1234567")
    assert oidc.sign_in().status_code == 401


@pytest.mark.parametrize("change", ["wrong", "missing", "empty"])
@pytest.mark.policy("SEC-1")
def test_state(oidc: Oidc, student: User, change: str) -> None:
    oidc.is_("S1234567")
    url = oidc.at_university(oidc.begin())
    state = url.partition("state=")[2].partition("&")[0]
    assert state
    new = {"wrong": "state=another", "missing": "other=1", "empty": "state="}[change]
    assert oidc.come_back(url.replace(f"state={state}", new)).status_code == 401
    assert signed_in_as(oidc.browser) == ""


@pytest.mark.policy("SEC-1")
def test_an_answer_in_another_browser(oidc: Oidc, student: User) -> None:
    """An attacker sends a victim their own callback URL, to sign the victim in as the attacker."""
    oidc.is_("S1234567")
    url = oidc.at_university(oidc.begin())
    victim = Client()
    assert victim.get(path_of(url)).status_code == 401
    assert signed_in_as(victim) == ""


def test_an_answer_replayed(oidc: Oidc, student: User) -> None:
    oidc.is_("S1234567")
    url = oidc.at_university(oidc.begin())
    assert oidc.come_back(url).status_code == 302
    oidc.browser.logout()
    assert oidc.come_back(url).status_code == 401
    assert signed_in_as(oidc.browser) == ""


@pytest.mark.policy("SEC-1")
def test_a_code_replayed_under_a_new_state(oidc: Oidc, student: User) -> None:
    """A code from an earlier answer with the state of a new request: PKCE and the provider both refuse it."""
    oidc.is_("S1234567")
    first = oidc.at_university(oidc.begin())
    second = oidc.at_university(oidc.begin())
    code = {url: url.partition("code=")[2].partition("&")[0] for url in (first, second)}
    assert oidc.come_back(second.replace(code[second], code[first])).status_code == 401
    assert signed_in_as(oidc.browser) == ""


def test_another_issuer_answers(oidc: Oidc, student: User) -> None:
    """RFC 9207: an answer that names another issuer is a mix-up attack."""
    oidc.is_("S1234567")
    url = oidc.at_university(oidc.begin())
    here, _, _ = url.partition("&iss=")
    assert oidc.come_back(f"{here}&iss=https%3A%2F%2Fevil.example").status_code == 401
    assert signed_in_as(oidc.browser) == ""


def test_cancelling_at_the_university(oidc: Oidc, student: User) -> None:
    oidc.is_("S1234567", lie="cancelled")
    answer = oidc.sign_in()
    assert answer["Location"] == "/accounts/university/cancelled/"
    assert "turned back" in oidc.browser.get(answer["Location"]).content.decode()


def test_query_parameters_do_not_change_the_request_to_the_provider(oidc: Oidc, student: User) -> None:
    page = oidc.browser.post("/accounts/oidc/university/login/?process=connect&auth_params=nonce%3Dx&scope=admin")
    assert "admin" not in leaving_address(page)
    assert parse_qs(urlsplit(leaving_address(page)).query)["nonce"] != ["x"]
    states = oidc.browser.session["socialaccount_states"]
    assert [state[0]["process"] for state in states.values()] == ["login"]


@pytest.mark.policy("SEC-1")
def test_the_address_to_come_back_to_is_the_configured_one(oidc: Oidc) -> None:
    page = oidc.browser.post("/accounts/oidc/university/login/", headers={"host": "evil.example"})
    assert "redirect_uri=https%3A%2F%2Fcareers.example.ac.uk%2Faccounts%2Foidc" in page.content.decode()
    assert "evil.example" not in page.content.decode()


def test_a_service_that_is_down(oidc: Oidc, settings: Any) -> None:
    change_provider(settings, "university", issuer="http://127.0.0.1:9")
    cache.clear()
    assert oidc.browser.post("/accounts/oidc/university/login/").status_code == 503


def test_unknown_providers_are_not_found(oidc: Oidc) -> None:
    for path in ("oidc/other/login/", "oidc/other/login/callback/", "saml/university/login/", "saml/other/metadata/"):
        assert oidc.browser.get(f"/accounts/{path}").status_code == 404
    assert oidc.browser.get("/accounts/oidc/university/login/")["Location"] == "/accounts/login/"
