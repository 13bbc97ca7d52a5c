"""What our sign-on providers share, for both protocols."""

import logging
from dataclasses import dataclass
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.rules.identity import Assertion
from accounts.sign_in.provider_settings import OIDC, SAML, SignOnProvider

logger = logging.getLogger(__name__)
ALLAUTH_KINDS = {OIDC: "openid_connect", SAML: "saml"}


def configured(id: str) -> SignOnProvider:
    """Raises SocialApp.DoesNotExist, which allauth's views answer with 404."""
    for provider in settings.SIGN_ON_PROVIDERS:
        if provider.id == id:
            return provider
    raise SocialApp.DoesNotExist


def as_app(provider: SignOnProvider) -> SocialApp:
    """The row that allauth expects; never saved."""
    return SocialApp(
        provider=ALLAUTH_KINDS[provider.kind],
        provider_id=provider.id,
        name=provider.name,
        client_id=provider.client_id or provider.id,
        secret=provider.client_secret,
        settings={"server_url": provider.issuer, "oauth_pkce_enabled": True, "scope": list(provider.scope)},
    )


@dataclass(frozen=True, slots=True)
class SignOnService:
    """A button on the sign-in page."""

    name: str
    url: str


def services() -> list[SignOnService]:
    """No queries."""
    return [SignOnService(each.name, begin_url(each)) for each in settings.SIGN_ON_PROVIDERS]


def begin_url(provider: SignOnProvider) -> str:
    return reverse(f"{ALLAUTH_KINDS[provider.kind]}_login", args=[provider.id])


class OurProvider:
    """Only signs people in: no query parameter can turn it into connecting accounts or change the request."""

    app: SocialApp
    sub_id: str

    @property
    def settings(self) -> SignOnProvider:
        return configured(self.sub_id)

    def get_login_url(self, request: HttpRequest, **more: Any) -> str:
        return begin_url(self.settings)

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        asked: dict[str, Any] = {"process": "login"}
        if onward := get_next_redirect_url(request):
            asked["next_url"] = onward
        return asked

    def sociallogin_from_response(self, request: HttpRequest, assertion: Assertion) -> Any:
        sociallogin = super().sociallogin_from_response(request, assertion)  # type: ignore[misc]  # allauth has no types
        sociallogin.assertion = assertion
        return sociallogin

    def extract_uid(self, assertion: Assertion) -> str:
        return assertion.key

    def extract_extra_data(self, assertion: Assertion) -> dict[str, str]:
        """All that we store of the provider's answer."""
        return {"issuer": assertion.issuer, "subject": assertion.subject}

    def extract_common_fields(self, assertion: Assertion) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, assertion: Assertion) -> list[Any]:
        return []

    def refused(self, request: HttpRequest, why: Exception) -> HttpResponse:
        """The page for an answer that proves nothing. The log gives the reason and no personal data."""
        response: HttpResponse = render_authentication_error(request, self, exception=why)
        return response

    def unavailable(self, request: HttpRequest, why: Exception) -> HttpResponse:
        logger.error("sign-on service %s cannot be reached: %s", self.sub_id, type(why).__name__)
        return render(request, "socialaccount/unavailable.html", {"provider": self}, status=503)
