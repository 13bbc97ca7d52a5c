"""OpenID Connect, stricter than allauth: the ID token's signature, nonce and every claim are checked.

allauth trusts an ID token received over TLS from the token endpoint, and sends no nonce. We verify it as if it came
from anywhere (OpenID Connect Core 3.1.3.7), with the provider's keys only, so that neither `none` nor a shared-key
algorithm is accepted. We also compare `iss` in the callback if the provider sends it (RFC 9207).
"""

import hmac
import secrets
from collections.abc import Mapping
from typing import Any

import jwt
import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.rules.identity import Assertion, says_second_factor
from accounts.sign_in.provider import OurProvider, configured
from accounts.sign_in.provider_settings import SignOnProvider

CLOCK_SKEW_SECONDS = 60
KEYS_KEPT_SECONDS = 600
NEEDED_ENDPOINTS = {"authorization_endpoint", "token_endpoint", "jwks_uri"}


class OidcAdapter(OpenIDConnectOAuth2Adapter):
    """Reads the discovery document, and turns a token response into an Assertion."""

    state: Mapping[str, Any]

    @property
    def settings(self) -> SignOnProvider:
        return configured(self.provider_id)

    @property
    def openid_config(self) -> dict[str, Any]:
        """Raises OAuth2Error if the document names another issuer."""
        config = _fetched(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
        if config.get("issuer") != self.settings.issuer:
            raise OAuth2Error("The discovery document speaks for another issuer.")
        if missing := NEEDED_ENDPOINTS - config.keys():
            raise OAuth2Error(f"The discovery document lacks {', '.join(sorted(missing))}.")
        return config

    def get_callback_url(self, request: HttpRequest, app: object) -> str:
        return settings.SITE_URL + reverse("openid_connect_callback", kwargs={"provider_id": self.provider_id})

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **answer: Any) -> SocialLogin:
        claims = self.verified_claims(answer["response"].get("id_token"))
        said = claims if self._has_university_id(claims) else {**self._userinfo(claims, token.token), **claims}
        assertion = Assertion(
            issuer=claims["iss"],
            subject=claims["sub"],
            university_id=_text(said.get(self.settings.university_id_claim)),
            email=_text(said.get(self.settings.email_claim)),
            second_factor=says_second_factor(self.settings.second_factor, claims),
        )
        return self.get_provider().sociallogin_from_response(request, assertion)

    def verified_claims(self, id_token: object) -> dict[str, Any]:
        """Checks signature, issuer, audience, times and nonce (Core 3.1.3.7). Raises OAuth2Error."""
        if not isinstance(id_token, str):
            raise OAuth2Error("There is no ID token.")
        try:
            header = jwt.get_unverified_header(id_token)
            if header.get("alg") not in self.settings.algorithms:
                raise OAuth2Error("The ID token is signed by an algorithm that is not accepted.")
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=self._key(header.get("kid")),
                algorithms=list(self.settings.algorithms),
                audience=self.settings.client_id,
                issuer=self.settings.issuer,
                leeway=CLOCK_SKEW_SECONDS,
                options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
            )
        except jwt.PyJWTError as problem:
            raise OAuth2Error(f"The ID token is not valid ({type(problem).__name__}).") from None
        self._check_parties_and_nonce(claims)
        return claims

    def _check_parties_and_nonce(self, claims: Mapping[str, Any]) -> None:
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (several or "azp" in claims) and claims.get("azp") != self.settings.client_id:
            raise OAuth2Error("The ID token was issued to another party.")
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise OAuth2Error("The ID token names nobody.")
        expected = str(self.state.get("nonce") or "")
        if not expected or not hmac.compare_digest(str(claims["nonce"]).encode(), expected.encode()):
            raise OAuth2Error("The ID token answers another request.")

    def _key(self, kid: object) -> jwt.PyJWK:
        """The provider's key with that id. Fetches the keys again once if it is not among the cached ones."""
        address = self.openid_config["jwks_uri"]
        for fresh in (False, True):
            keys = [key for key in _fetched(address, fresh=fresh).get("keys", []) if key.get("use", "sig") == "sig"]
            found = [key for key in keys if key.get("kid") == kid] if kid else keys
            if len(found) == 1:
                return jwt.PyJWK(found[0])
        raise OAuth2Error("The ID token is signed by an unknown key.")

    def _has_university_id(self, claims: Mapping[str, Any]) -> bool:
        return bool(claims.get(self.settings.university_id_claim))

    def _userinfo(self, claims: Mapping[str, Any], access_token: str) -> dict[str, Any]:
        """Claims of the userinfo endpoint, which must be about the same subject (Core 5.3.2)."""
        if "userinfo_endpoint" not in self.openid_config:
            return {}
        said: dict[str, Any] = self._fetch_user_info(access_token)
        if said.get("sub") != claims["sub"]:
            raise OAuth2Error("The provider's answers speak of two people.")
        return said


class OidcProvider(OurProvider, OpenIDConnectProvider):
    oauth2_adapter_class = OidcAdapter

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **_: Any
    ) -> HttpResponse:
        """Redirects to the provider, with a nonce that the ID token must contain."""
        nonce = secrets.token_urlsafe(32)
        params = {**self.settings.auth_params, "nonce": nonce}
        try:
            answer: HttpResponse = super().redirect(
                request, process, next_url, data, auth_params=params, scope=self.get_scope(), nonce=nonce
            )
        except (OAuth2Error, requests.RequestException) as problem:
            return self.unavailable(request, problem)
        return answer


class OidcCallback(OAuth2CallbackView):
    """Keeps the state for the nonce check and compares the callback's issuer (RFC 9207)."""

    adapter: OidcAdapter

    def _get_state(self, request: HttpRequest, provider: OidcProvider) -> tuple[Any, Any]:
        state, refusal = super()._get_state(request, provider)
        self.adapter.state = state or {}
        answering = request.GET.get("iss")
        if state is not None and answering is not None and answering != self.adapter.settings.issuer:
            return None, provider.refused(request, OAuth2Error("Another issuer answered."))
        return state, refusal


def _fetched(address: str, *, fresh: bool = False) -> dict[str, Any]:
    """A JSON document, cached for ten minutes. Raises OAuth2Error or RequestException."""
    place = f"oidc:{address}"
    kept: dict[str, Any] | None = None if fresh else cache.get(place)
    if kept is not None:
        return kept
    with get_adapter().get_requests_session() as session:
        answer = session.get(address, allow_redirects=False)
    answer.raise_for_status()
    try:
        document = answer.json()
    except ValueError:
        raise OAuth2Error("The provider answered something else than JSON.") from None
    if not isinstance(document, dict):
        raise OAuth2Error("The provider answered something else than a JSON object.")
    cache.set(place, document, KEYS_KEPT_SECONDS)
    return document


def _text(claim: object) -> str:
    return str(claim).strip() if isinstance(claim, str | int) else ""
