"""Complete sign-ins at a real SAML identity provider, and attacks, each of which is refused."""

import base64
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client

from accounts.models import Role, User
from accounts.rules.identity import identity_key
from tests.accounts.sign_in.conftest import (
    ACS,
    EMPLOYEE_NUMBER,
    ENTITY_ID,
    MAIL,
    TRANSIENT,
    Saml,
    change_provider,
    signed_in_as,
)
from tests.factories import StudentFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def student(db: None) -> User:
    return StudentFactory(university_id="S1234567", given_name="Amara")


def xml_of(response: str) -> str:
    return base64.b64decode(response).decode()


def response_of(xml: str) -> str:
    return base64.b64encode(xml.encode()).decode()


def changed(response: str, old: str, new: str) -> str:
    xml = xml_of(response)
    assert old in xml, xml
    return response_of(xml.replace(old, new))


def refused(saml: Saml, answer: Any) -> bool:
    return answer.status_code == 401 and signed_in_as(saml.browser) == "" and not SocialAccount.objects.exists()


@pytest.mark.policy("SEC-1")
def test_a_first_sign_in_is_bound_by_the_university_id(saml: Saml, student: User) -> None:
    saml.is_("S1234567", email="whatever@somewhere.example")
    answer = saml.sign_in(onward="/profile/")
    assert (answer.status_code, answer["Location"]) == (302, "/profile/")
    assert signed_in_as(saml.browser) == str(student.pk)
    account = SocialAccount.objects.get()
    assert account.uid == identity_key(ENTITY_ID, "subject-1")
    assert account.extra_data == {"issuer": ENTITY_ID, "subject": "subject-1"}


def test_a_later_sign_in_needs_no_attribute(saml: Saml, student: User) -> None:
    saml.is_("S1234567")
    saml.sign_in()
    saml.browser = Client()
    saml.is_(None)
    assert saml.sign_in().status_code == 302
    assert signed_in_as(saml.browser) == str(student.pk)


def test_a_response_signed_as_a_whole(saml: Saml, student: User) -> None:
    saml.is_("S1234567", options={"signResponse": True, "signAssertion": False})
    assert saml.sign_in().status_code == 302


@pytest.mark.parametrize("university_id", ["S0000000", None])
@pytest.mark.policy("SEC-1")
def test_nobody_signs_themselves_up(saml: Saml, student: User, university_id: str | None) -> None:
    people = User.objects.count()
    saml.is_(university_id, email=student.email)
    assert saml.sign_in().status_code == 403
    assert signed_in_as(saml.browser) == ""
    assert (User.objects.count(), SocialAccount.objects.count()) == (people, 0)


@pytest.mark.policy("SEC-1")
def test_an_address_of_staff_opens_nothing(saml: Saml, student: User) -> None:
    UserFactory(roles=[Role.ADMINISTRATOR], email="boss@example.ac.uk")
    saml.is_("S1234567", email="boss@example.ac.uk")
    answer = saml.sign_in()
    assert answer.status_code == 403
    assert "email_of_staff" in answer.content.decode()
    assert not SocialAccount.objects.exists()


def test_an_attribute_with_two_values_identifies_nobody(saml: Saml, student: User) -> None:
    other = {EMPLOYEE_NUMBER: ["S1234567", "S0000000"], MAIL: "x@example.ac.uk"}
    saml.peer.tell(
        person={"subject": "subject-1", "format": None, "attributes": other}, issuer=ENTITY_ID, acs=ACS, options={}
    )
    assert saml.sign_in().status_code == 403


ERRORS: dict[str, dict[str, Any]] = {
    "another audience": {"options": {"audience": "https://other.example.ac.uk"}},
    "another destination": {"options": {"destination": "https://other.example.ac.uk/acs/"}},
    "a longer destination": {"options": {"destination": ACS + "more/"}},
    "another recipient": {"options": {"recipient": "https://other.example.ac.uk/acs/"}},
    "a longer recipient": {"options": {"recipient": ACS + "more/"}},
    "expired": {"options": {"lifetimeInSeconds": -3600}},
    "another issuer": {"issuer": "https://idp.evil.example"},
    "another key": {"otherKey": True},
    "no signature at all": {"options": {"signAssertion": False}},
    "a broken hash function": {"options": {"signatureAlgorithm": "rsa-sha1", "digestAlgorithm": "sha1"}},
    "an answer to another request": {"options": {"inResponseTo": "_of_somebody_else"}},
    "a name that does not last": {"format": TRANSIENT},
    "a name that is an address": {"format": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"},
    "a failure": {"options": {"samlStatusCode": "urn:oasis:names:tc:SAML:2.0:status:Responder"}},
}


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.policy("SEC-1")
def test_an_error_of_the_provider_signs_nobody_in(saml: Saml, student: User, error: str) -> None:
    saml.is_("S1234567", **ERRORS[error])
    answer = saml.sign_in()
    assert refused(saml, answer)
    assert answer.templates[0].name == "socialaccount/authentication_error.html"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("S1234567", "S7654321"),
        ("subject-1", "subject-2"),
        ("<saml:Audience>https", "<saml:Audience>http"),
        ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
        ("</saml:AttributeStatement>", "<saml:Attribute Name='x'/></saml:AttributeStatement>"),
    ],
)
@pytest.mark.policy("SEC-1")
def test_a_tampered_assertion(saml: Saml, student: User, old: str, new: str) -> None:
    StudentFactory(university_id="S7654321")
    saml.is_("S1234567")
    response = changed(saml.at_university(saml.begin()), old, new)
    assert refused(saml, saml.come_back(response))


def test_the_signature_taken_away(saml: Saml, student: User) -> None:
    saml.is_("S1234567")
    xml = xml_of(saml.at_university(saml.begin()))
    without = re.sub(r"<Signature.*?</Signature>", "", xml, flags=re.DOTALL)
    assert without != xml
    assert refused(saml, saml.come_back(response_of(without)))


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.policy("SEC-1")
def test_a_signed_assertion_wrapped_around_a_forged_one(saml: Saml, student: User, first: bool) -> None:
    """Signature wrapping: the signed assertion is still there, with a forged one about somebody else beside it."""
    StudentFactory(university_id="S7654321")
    saml.is_("S1234567")
    xml = xml_of(saml.at_university(saml.begin()))
    found = re.search(r"<saml:Assertion.*?</saml:Assertion>", xml, re.DOTALL)
    assert found
    forged = re.sub(r"<Signature.*?</Signature>", "", found[0], flags=re.DOTALL)
    forged = re.sub(r' ID="[^"]+"', ' ID="_forged"', forged, count=1).replace("S1234567", "S7654321")
    both = forged + found[0] if first else found[0] + forged
    assert refused(saml, saml.come_back(response_of(xml.replace(found[0], both))))
    inside = f"<samlp:Extensions>{found[0]}</samlp:Extensions>"
    hidden = xml.replace(found[0], forged).replace("<samlp:Status>", f"{inside}<samlp:Status>", 1)
    assert refused(saml, saml.come_back(response_of(hidden)))


@pytest.mark.policy("SEC-1")
def test_a_comment_does_not_shorten_a_name(saml: Saml, student: User) -> None:
    """Comments are not part of what is signed, so a comment must not cut off the subject."""
    saml.is_("S1234567", subject="subject-1.evil")
    xml = xml_of(saml.at_university(saml.begin()))
    saml.come_back(response_of(xml.replace("subject-1.evil", "subject-1<!-- -->.evil")))
    assert not SocialAccount.objects.filter(uid=identity_key(ENTITY_ID, "subject-1")).exists()


@pytest.mark.policy("SEC-1")
def test_an_unsolicited_response(saml: Saml, student: User) -> None:
    saml.is_("S1234567", options={"audience": "https://careers.example.ac.uk/accounts/saml/federation/metadata/"})
    response = requests.get(f"{saml.peer.url}/unsolicited", timeout=30).text
    assert ENTITY_ID in xml_of(response)
    assert refused(saml, saml.come_back(response))


@pytest.mark.policy("SEC-1")
def test_a_response_in_another_browser(saml: Saml, student: User) -> None:
    saml.is_("S1234567")
    response = saml.at_university(saml.begin())
    saml.browser = Client()
    assert refused(saml, saml.come_back(response))


@pytest.mark.policy("SEC-1")
def test_a_response_replayed(saml: Saml, student: User) -> None:
    """Its request was used up; if it was not, because another browser of the person is waiting, the assertion was."""
    saml.is_("S1234567")
    url = saml.begin()
    response = saml.at_university(url)
    waiting = dict(saml.browser.session["socialaccount_states"])
    assert saml.come_back(response).status_code == 302
    for states in ({}, waiting):
        saml.browser.logout()
        session = saml.browser.session
        session["socialaccount_states"] = states
        session.save()
        assert saml.come_back(response).status_code == 401
        assert signed_in_as(saml.browser) == ""


@pytest.mark.parametrize("response", ["", "rubbish", "PHhtbD4=", "x" * 300_000, response_of("<a>" * 1000)])
def test_something_else_than_a_response(saml: Saml, student: User, response: str) -> None:
    assert refused(saml, saml.come_back(response))


def test_external_entities_are_not_read(saml: Saml, student: User) -> None:
    saml.is_("S1234567")
    xml = xml_of(saml.at_university(saml.begin()))
    evil = '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + xml.replace("S1234567", "&e;")
    assert refused(saml, saml.come_back(response_of(evil)))


def test_the_second_step_without_the_first_is_refused(saml: Saml, student: User) -> None:
    assert refused(saml, saml.browser.get("/accounts/saml/federation/acs/finish/"))
    assert saml.browser.get("/accounts/saml/federation/acs/").status_code == 405


def test_a_response_is_only_for_its_own_browser(saml: Saml, student: User) -> None:
    """The posted response is found by a cookie that scripts cannot read, and only once."""
    saml.is_("S1234567")
    response = saml.at_university(saml.begin())
    posted = saml.browser.post("/accounts/saml/federation/acs/", {"SAMLResponse": response})
    cookie = posted.cookies["saml-waits"]
    assert cookie["httponly"]
    assert cookie["path"] == "/accounts/saml/federation/acs/finish/"
    assert cache.get(f"saml-waits:{cookie.value}") == response
    saml.browser.get(posted["Location"])
    assert cache.get(f"saml-waits:{cookie.value}") is None


@pytest.mark.policy("SEC-1")
def test_addresses_come_from_the_settings(saml: Saml) -> None:
    page = saml.browser.get("/accounts/saml/federation/metadata/", headers={"host": "evil.example"})
    said = page.content.decode()
    assert ACS in said
    assert "evil.example" not in said
    assert "SingleLogoutService" not in said
    page = saml.browser.post("/accounts/saml/federation/login/", headers={"host": "evil.example"})
    assert "evil.example" not in page.content.decode()


def test_a_subject_that_is_an_attribute(saml: Saml, student: User, settings: Any) -> None:
    change_provider(settings, "federation", subject_attribute="urn:oasis:names:tc:SAML:attribute:subject-id")
    saml.is_("S1234567", format=TRANSIENT)
    assert refused(saml, saml.sign_in())
    said = {EMPLOYEE_NUMBER: "S1234567", "urn:oasis:names:tc:SAML:attribute:subject-id": "amara@example.ac.uk"}
    saml.peer.tell(
        person={"subject": "x", "format": TRANSIENT, "attributes": said}, issuer=ENTITY_ID, acs=ACS, options={}
    )
    assert saml.sign_in().status_code == 302
    assert SocialAccount.objects.get().uid == identity_key(ENTITY_ID, "amara@example.ac.uk")


def test_the_request_says_where_to_answer(saml: Saml) -> None:
    asked = parse_qs(urlsplit(saml.begin()).query)
    assert set(asked) <= {"SAMLRequest", "RelayState"}
    assert asked.get("RelayState", [""])[0] in ("", "/")
