"""Parses and validates the JSON setting for the University's sign-on services; reports all errors at once."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

OIDC, SAML = "oidc", "saml"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signature algorithms with a private key of the provider. Never `none`, and never HS…, whose key is shared."""

SHARED_KEYS = {"id", "kind", "name", "university_id_claim", "second_factor", "email_claim", "allow_http"}
OIDC_KEYS = SHARED_KEYS | {"issuer", "client_id", "client_secret", "algorithms", "scope", "auth_params"}
SAML_KEYS = SHARED_KEYS | {"entity_id", "sso_url", "certificates", "subject_attribute", "sp_entity_id"}
NEEDED = {
    OIDC: ("id", "name", "university_id_claim", "issuer", "client_id", "client_secret"),
    SAML: ("id", "name", "university_id_claim", "entity_id", "sso_url", "certificates"),
}
OURS = {
    "nonce",
    "state",
    "scope",
    "client_id",
    "redirect_uri",
    "response_type",
    "code_challenge",
    "code_challenge_method",
}
FACTORS = {OIDC: ("amr", "acr"), SAML: ("authn_context",)}


@dataclass(frozen=True)
class SignOnProvider:
    """One sign-on service.

    `issuer` is the OIDC issuer or SAML entity id; together with the subject it identifies a person.
    `university_id_claim` is the claim (SAML: attribute) with the person's immutable university id. `auth_params` are
    sent with every request (`acr_values`, `claims`), for providers that answer only what is requested. `second_factor`
    lists, per claim (`amr`, `acr`; SAML: `authn_context`), the values that prove a second factor.
    """

    id: str
    kind: str
    name: str
    issuer: str
    university_id_claim: str
    second_factor: Mapping[str, tuple[str, ...]]
    email_claim: str = "email"
    client_id: str = ""
    client_secret: str = ""
    algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256")
    scope: tuple[str, ...] = ("openid", "profile", "email")
    auth_params: Mapping[str, str] = field(default_factory=dict)
    sso_url: str = ""
    certificates: tuple[str, ...] = ()
    subject_attribute: str = ""
    sp_entity_id: str = ""
    allow_http: bool = False


class ProviderProblem(ValueError):
    """The setting cannot be used; each of `problems` is a sentence."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_providers(raw: str) -> tuple[SignOnProvider, ...]:
    """Parses the setting `SIGN_ON_PROVIDERS`, a JSON list; empty means none. Raises ProviderProblem."""
    if not raw.strip():
        return ()
    try:
        entries = json.loads(raw)
    except ValueError as problem:
        raise ProviderProblem([f"SIGN_ON_PROVIDERS is not JSON: {problem}."]) from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ProviderProblem(["SIGN_ON_PROVIDERS is a JSON list of objects, one for each sign-on service."])
    problems = [f"SIGN_ON_PROVIDERS, {_called(entry)}: {what}" for entry in entries for what in _faults(entry)]
    ids = [str(entry.get("id")) for entry in entries]
    problems += [
        f"SIGN_ON_PROVIDERS: two services are called {id}." for id in sorted({i for i in ids if ids.count(i) > 1})
    ]
    if problems:
        raise ProviderProblem(problems)
    return tuple(_provider(entry) for entry in entries)


def _called(entry: Mapping[str, Any]) -> str:
    return str(entry.get("id") or entry.get("name") or "one without an id")


def _faults(entry: Mapping[str, Any]) -> Iterator[str]:
    kind = entry.get("kind")
    if kind not in NEEDED:
        yield 'kind must be "oidc" or "saml".'
        return
    for key in NEEDED[kind]:
        if not entry.get(key):
            yield f"{key} is missing."
    for key in sorted(set(entry) - (OIDC_KEYS if kind == OIDC else SAML_KEYS)):
        yield f"{key} is not known."
    if not str(entry.get("id", "x")).replace("-", "").isalnum():
        yield "id must be letters, figures and hyphens: it is part of an address."
    yield from _faults_of_lists(entry)
    yield from _faults_of_params(entry)
    yield from _faults_of_factors(entry, kind)
    for key in ("issuer", "sso_url") if not entry.get("allow_http") else ():
        if entry.get(key) and not str(entry[key]).startswith("https://"):
            yield f"{key} must begin with https://."
    said = entry.get("algorithms")
    for algorithm in said if isinstance(said, list) else []:
        if algorithm not in ALGORITHMS:
            yield f"the algorithm {algorithm} proves nothing here; use one of {', '.join(ALGORITHMS)}."


def _faults_of_lists(entry: Mapping[str, Any]) -> Iterator[str]:
    for key in ("algorithms", "scope", "certificates"):
        value = entry.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            yield f"{key} must be a list of texts."


def _faults_of_params(entry: Mapping[str, Any]) -> Iterator[str]:
    params = entry.get("auth_params", {})
    if not isinstance(params, dict) or not all(isinstance(value, str) for value in params.values()):
        yield "auth_params must be an object of texts."
    elif reserved := set(params) & OURS:
        yield f"auth_params must not set {', '.join(sorted(reserved))}."


def _faults_of_factors(entry: Mapping[str, Any], kind: str) -> Iterator[str]:
    factors = entry.get("second_factor", {})
    if not isinstance(factors, dict) or not all(isinstance(values, list) for values in factors.values()):
        yield "second_factor must be an object of lists."
    elif unknown := set(factors) - set(FACTORS[kind]):
        yield f"second_factor knows {' and '.join(FACTORS[kind])}, not {', '.join(sorted(unknown))}."


def _provider(entry: Mapping[str, Any]) -> SignOnProvider:
    known: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    known["second_factor"] = {claim: tuple(values) for claim, values in entry.get("second_factor", {}).items()}
    known["issuer"] = known.pop("entity_id", known.get("issuer"))
    return SignOnProvider(**known)
