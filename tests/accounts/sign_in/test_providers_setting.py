"""`SIGN_ON_PROVIDERS` is read once, every error in it is named, and production does not start with one."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from accounts.sign_in.provider_settings import ProviderProblem, read_providers
from tools.checking import PRODUCTION

OIDC = {
    "id": "university",
    "kind": "oidc",
    "name": "Northbridge University",
    "issuer": "https://login.example.ac.uk",
    "client_id": "careers",
    "client_secret": "secret",
    "university_id_claim": "employee_number",
    "second_factor": {"amr": ["mfa"]},
}
SAML = {
    "id": "federation",
    "kind": "saml",
    "name": "Federation",
    "entity_id": "https://idp.example.ac.uk",
    "sso_url": "https://idp.example.ac.uk/sso",
    "certificates": ["MIIC"],
    "university_id_claim": "urn:oid:2.16.840.1.113730.3.1.3",
}


def test_several_services() -> None:
    oidc, saml = read_providers(json.dumps([OIDC, SAML]))
    assert (oidc.issuer, oidc.second_factor) == ("https://login.example.ac.uk", {"amr": ("mfa",)})
    assert (saml.issuer, saml.certificates, saml.second_factor) == ("https://idp.example.ac.uk", ("MIIC",), {})


def test_no_providers() -> None:
    assert read_providers("") == read_providers(" ") == read_providers("[]") == ()


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "ldap"},
        {"client_secret": ""},
        {"university_id_claim": ""},
        {"issuer": "http://login.example.ac.uk"},
        {"algorithms": ["HS256"]},
        {"algorithms": ["none"]},
        {"algorithms": "RS256"},
        {"uid_field": "email"},
        {"second_factor": {"authn_context": ["x"]}},
        {"second_factor": ["mfa"]},
        {"auth_params": {"nonce": "x"}},
        {"id": "a/b"},
    ],
)
def test_a_fault_is_named(change: dict[str, Any], snapshot: SnapshotAssertion) -> None:
    with pytest.raises(ProviderProblem) as problem:
        read_providers(json.dumps([{**OIDC, **change}]))
    assert str(problem.value) == snapshot


@pytest.mark.parametrize("raw", ["{", "{}", "[1]", '"x"'])
def test_something_else_than_a_list(raw: str) -> None:
    with pytest.raises(ProviderProblem, match="SIGN_ON_PROVIDERS"):
        read_providers(raw)


def test_two_providers_with_one_name() -> None:
    with pytest.raises(ProviderProblem, match=r"two services .* university"):
        read_providers(json.dumps([OIDC, OIDC]))


def production_says(**more: str) -> str:
    """What production prints at its start with these settings; empty if it starts."""
    env = {
        **os.environ,
        **PRODUCTION,
        "REDIS_URL": "redis://localhost",
        "DATABASE_URL": "postgres://x@localhost/x",
        **more,
    }
    command = [sys.executable, "-W", "ignore", "-c", "import django; django.setup()"]
    return subprocess.run(command, env=env, capture_output=True, text=True).stderr


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"SIGN_ON_PROVIDERS": json.dumps([{**OIDC, "client_secret": "", "issuer": ""}])}, "client_secret is missing"),
        ({"SIGN_ON_PROVIDERS": "{"}, "not JSON"),
        ({"SIGN_ON_PROVIDERS": json.dumps([{**OIDC, "allow_http": True}])}, "for tests only"),
        ({"SIGN_ON_REQUIRED": "true"}, "none is set"),
    ],
)
def test_production_does_not_start_half_configured(more: dict[str, str], says: str) -> None:
    said = production_says(**more)
    assert "ImproperlyConfigured" in said
    assert says in said


def test_production_starts_with_both() -> None:
    assert production_says(SIGN_ON_PROVIDERS=json.dumps([OIDC, SAML]), SIGN_ON_REQUIRED="true") == ""
