"""The University as a real identity provider in two protocols, started once, and the browser between it and us."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.core.cache import cache
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client

from accounts.sign_in.provider_settings import SignOnProvider
from tests.peers.node_peer import NodePeer

CLIENT_ID, CLIENT_SECRET = "careerconnect", "a-secret-of-the-tests-and-nothing-else"
CALLBACK_PATH = "/accounts/oidc/university/login/callback/"
CALLBACK = f"https://careers.example.ac.uk{CALLBACK_PATH}"
ACS = "https://careers.example.ac.uk/accounts/saml/federation/acs/"
ENTITY_ID = "https://idp.example.ac.uk/shibboleth"
EMPLOYEE_NUMBER = "urn:oid:2.16.840.1.113730.3.1.3"
MAIL = "urn:oid:0.9.2342.19200300.100.1.3"
REFEDS_MFA, PASSWORD_ONLY = (
    "https://refeds.org/profile/mfa",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
)
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"


def leaving_address(page: HttpResponse) -> str:
    """The URL to which the page sends the browser."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.content.decode())
    assert found, page.content.decode()[:2000]
    return html.unescape(found[1])


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@dataclass
class Oidc:
    """The University as an OpenID Connect provider, and a browser to use it."""

    peer: NodePeer
    browser: Client = field(default_factory=Client)

    def is_(
        self,
        university_id: str | None,
        *,
        lie: str = "",
        subject: str = "subject-1",
        user_info: str = "",
        **claims: Any,
    ) -> None:
        """Sets who signs in next, and how the provider misbehaves."""
        person = {"sub": subject, **claims}
        if university_id is not None:
            person["university_id"] = university_id
        self.peer.tell(person=person, lie=lie, userinfoSub=user_info)

    def begin(self, onward: str = "") -> str:
        page = self.browser.post("/accounts/oidc/university/login/", {"next": onward} if onward else {})
        assert page.status_code == 200
        return leaving_address(page)

    def at_university(self, url: str) -> str:
        """Signs in at the provider. Returns the callback URL to which it sends the browser."""
        session = requests.Session()
        for _ in range(8):
            answer = session.get(url, allow_redirects=False, timeout=30)
            assert answer.is_redirect, answer.text[:2000]
            url = answer.headers["Location"]
            url = url if "://" in url else self.peer.url + url
            if url.startswith(CALLBACK):
                return url
        raise AssertionError(url)

    def come_back(self, url: str, **more: Any) -> HttpResponse:
        return self.browser.get(path_of(url), **more)

    def sign_in(self, onward: str = "") -> HttpResponse:
        return self.come_back(self.at_university(self.begin(onward)))


@dataclass
class Saml:
    """The University as a SAML identity provider."""

    peer: NodePeer
    browser: Client = field(default_factory=Client)

    def is_(
        self,
        university_id: str | None,
        *,
        subject: str = "subject-1",
        email: str = "",
        format: str = PERSISTENT,
        **more: Any,
    ) -> None:
        attributes: dict[str, Any] = {"urn:oid:2.5.4.42": "Somebody"}
        if university_id is not None:
            attributes[EMPLOYEE_NUMBER] = university_id
        if email:
            attributes[MAIL] = email
        person = {"subject": subject, "format": format, "attributes": attributes}
        said = {"issuer": ENTITY_ID, "acs": ACS, "options": {}, **more}
        self.peer.tell(person=person, **said)

    def begin(self, onward: str = "") -> str:
        page = self.browser.post("/accounts/saml/federation/login/", {"next": onward} if onward else {})
        assert page.status_code == 200
        return leaving_address(page)

    def at_university(self, url: str) -> str:
        """Signs in at the provider. Returns the base64 response that its page posts to us."""
        page = requests.get(url, timeout=30)
        assert page.ok, page.text[:2000]
        found = re.search(r'name="SAMLResponse"\s+value="([^"]+)"', page.text)
        assert found, page.text[:2000]
        return html.unescape(found[1])

    def come_back(self, response: str) -> HttpResponse:
        posted = self.browser.post("/accounts/saml/federation/acs/", {"SAMLResponse": response})
        assert posted.status_code == 302
        return self.browser.get(posted.url)

    def sign_in(self, onward: str = "") -> HttpResponse:
        return self.come_back(self.at_university(self.begin(onward)))


@pytest.fixture(scope="session")
def oidc_peer() -> Iterator[NodePeer]:
    peer = NodePeer("oidc_peer.mjs", CALLBACK, CLIENT_ID, CLIENT_SECRET)
    yield peer
    peer.stop()


def key_and_certificate(name: str) -> tuple[bytes, bytes]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    return key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain), certificate.public_bytes(pem)


@pytest.fixture(scope="session")
def saml_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The provider's key and certificate, and the key of a stranger."""
    return write_keys(tmp_path_factory.mktemp("saml"))


def write_keys(place: Path) -> Path:
    for name in ("provider", "stranger"):
        key, certificate = key_and_certificate(name)
        (place / f"{name}.key").write_bytes(key)
        (place / f"{name}.crt").write_bytes(certificate)
    return place


def federation(keys: Path) -> NodePeer:
    return NodePeer("saml_peer.mjs", *(str(keys / name) for name in ("provider.key", "provider.crt", "stranger.key")))


@pytest.fixture(scope="session")
def saml_peer(saml_keys: Path) -> Iterator[NodePeer]:
    peer = federation(saml_keys)
    yield peer
    peer.stop()


def university_at(peer: NodePeer) -> SignOnProvider:
    return SignOnProvider(
        id="university",
        kind="oidc",
        name="Northbridge University",
        issuer=peer.url,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        university_id_claim="university_id",
        second_factor={"amr": ("mfa", "hwk"), "acr": ("two",)},
        auth_params={"claims": json.dumps({"id_token": {"amr": None, "acr": None}})},
        allow_http=True,
    )


@pytest.fixture
def oidc(db: None, oidc_peer: NodePeer, settings: Any) -> Oidc:
    settings.SIGN_ON_PROVIDERS = (*settings.SIGN_ON_PROVIDERS, university_at(oidc_peer))
    cache.clear()
    return Oidc(oidc_peer)


def federation_at(peer: NodePeer, keys: Path) -> SignOnProvider:
    return SignOnProvider(
        id="federation",
        kind="saml",
        name="Northbridge Federation",
        issuer=ENTITY_ID,
        sso_url=f"{peer.url}/sso",
        certificates=((keys / "provider.crt").read_text(),),
        university_id_claim=EMPLOYEE_NUMBER,
        email_claim=MAIL,
        second_factor={"authn_context": (REFEDS_MFA,)},
        allow_http=True,
    )


@pytest.fixture
def saml(db: None, saml_peer: NodePeer, saml_keys: Path, settings: Any) -> Saml:
    settings.SIGN_ON_PROVIDERS = (*settings.SIGN_ON_PROVIDERS, federation_at(saml_peer, saml_keys))
    cache.clear()
    return Saml(saml_peer)


@pytest.fixture
def outbox(settings: Any) -> None:
    """Uses the outbox as the mail backend, because pytest-django replaces it."""
    settings.EMAIL_BACKEND = "messaging.mail_backend.backend.OutboxBackend"


def change_provider(settings: Any, id: str, **changes: Any) -> None:
    settings.SIGN_ON_PROVIDERS = tuple(
        replace(each, **changes) if each.id == id else each for each in settings.SIGN_ON_PROVIDERS
    )


def signed_in_as(browser: Client) -> str:
    """The id of the person signed in in this browser; empty if nobody is."""
    return str(browser.session.get("_auth_user_id", ""))


def subject_of(email: str) -> str:
    """The subject of one of allauth's emails, rendered from its template."""
    return render_to_string(f"account/email/{email}_subject.txt").strip()
