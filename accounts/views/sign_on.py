"""Signing in through the University: to the service and back. `accounts.sign_in` verifies the answers."""

import secrets
from typing import Any

from allauth.account.views import LoginView
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from accounts.rules.policy import policy_in_force
from accounts.sign_in.oidc import OidcAdapter, OidcCallback
from accounts.sign_in.provider import as_app, configured, services
from accounts.sign_in.provider_settings import OIDC, SAML, SignOnProvider
from accounts.sign_in.saml import LONGEST_RESPONSE, SamlRefused, metadata, receive

RESPONSE_WAITS_SECONDS = 120
WAITING = "saml-waits"
"""Cookie name and cache key prefix of a response that waits for the next request."""


def service_or_404(id: str, kind: str) -> SignOnProvider:
    try:
        provider = configured(id)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    if provider.kind != kind:
        raise Http404
    return provider


@method_decorator(never_cache, name="dispatch")
class SignOnBegin(View):
    """POST answers with a page that leads on to the service.

    A redirected form would need every address of the University's sign-on in the content security policy
    (`form-action`).
    """

    kind = OIDC

    def post(self, request: HttpRequest, id: str) -> HttpResponse:
        provider = as_app(service_or_404(id, self.kind)).get_provider(request)
        answer: HttpResponse = provider.redirect_from_request(request)
        if not isinstance(answer, HttpResponseRedirect):
            return answer
        return render(request, "socialaccount/leaving.html", {"provider": provider, "address": answer.url})

    def get(self, request: HttpRequest, id: str) -> HttpResponse:
        """For bookmarks of this address: redirects to the sign-in page."""
        service_or_404(id, self.kind)
        return redirect("account_login")


class OpenidConnectLogin(SignOnBegin):
    kind = OIDC


class SamlLogin(SignOnBegin):
    kind = SAML


@method_decorator(never_cache, name="dispatch")
class OpenidConnectCallback(View):
    def get(self, request: HttpRequest, provider_id: str) -> HttpResponse:
        service_or_404(provider_id, OIDC)
        answer: HttpResponse = OidcCallback.adapter_view(OidcAdapter(request, provider_id))(request)
        return answer


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class SamlAcs(View):
    """Receives the service's POST.

    Browsers send no session cookie with it, so the response is cached for the next request.
    """

    def post(self, request: HttpRequest, id: str) -> HttpResponse:
        service_or_404(id, SAML)
        answer = redirect("saml_finish_acs", id=id)
        posted, place = request.POST.get("SAMLResponse", ""), secrets.token_urlsafe(32)
        if len(posted) <= LONGEST_RESPONSE:
            cache.set(f"{WAITING}:{place}", posted, RESPONSE_WAITS_SECONDS)
        secure = settings.SESSION_COOKIE_SECURE
        answer.set_cookie(
            WAITING, place, RESPONSE_WAITS_SECONDS, path=answer.url, secure=secure, httponly=True, samesite="Lax"
        )
        return answer


@method_decorator(never_cache, name="dispatch")
class SamlFinishAcs(View):
    def get(self, request: HttpRequest, id: str) -> HttpResponse:
        service = service_or_404(id, SAML)
        provider = as_app(service).get_provider(request)
        place = f"{WAITING}:{request.COOKIES.get(WAITING)}"
        posted = cache.get(place, "")
        cache.delete(place)
        try:
            received = receive(service, posted)
            state = provider.unstash_redirect_state(request, received.in_response_to)
        except (SamlRefused, PermissionDenied) as problem:
            return provider.refused(request, problem)
        login = provider.sociallogin_from_response(request, received.assertion)
        login.state = state
        answer: HttpResponse = complete_social_login(request, login)
        return answer


class SamlMetadata(View):
    def get(self, request: HttpRequest, id: str) -> HttpResponse:
        return HttpResponse(metadata(service_or_404(id, SAML)), content_type="application/samlmetadata+xml")


class SocialaccountLoginCancelled(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "socialaccount/login_cancelled.html")


class AccountLogin(LoginView):
    """allauth's view, with the University's services."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        said: dict[str, Any] = super().get_context_data(**more)
        return {**said, "services": services()}


class SignOnRequired(View):
    """For somebody whose password was correct but who has to use the University's sign-on."""

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {"policy": policy_in_force(), "services": services()}
        return render(request, "accounts/sign_on_required.html", context)
