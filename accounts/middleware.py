"""Session middleware: extends sessions and ends them at their limits, says why, and keeps what was typed."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.selectors.sign_ins import why_signed_out
from accounts.sign_in.closed_accounts import ALWAYS_SERVED
from accounts.sign_in.known_devices import set_known_device
from accounts.sign_in.sessions import SIGN_IN_KEY, begin, is_due, renew
from accounts.sign_in.typed_words import keep_unsent, page_of, settle_drafts, typed_on


class PortalSessionMiddleware(SessionMiddleware):
    """Answers a request whose session was ended meanwhile as if it had ended before."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except SessionInterrupted:
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


class SignInMiddleware:
    """Queries the database only once in five minutes per session, and if a session is gone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if key and not request.path_info.startswith(ALWAYS_SERVED):
            self.look_after(request, key)
        response = self.get_response(request)
        set_known_device(request, response)
        return response

    def look_after(self, request: HttpRequest, key: str) -> None:
        held = request.session.get(SIGN_IN_KEY)
        if request.session.session_key is None:
            self.say_why(request, key)
        elif held is not None and is_due(held) and isinstance(request.user, User):
            renew(request, request.user)
        elif held is None and SESSION_KEY in request.session and isinstance(request.user, User):
            begin(request, request.user)

    def say_why(self, request: HttpRequest, key: str) -> None:
        why = why_signed_out(key) if not request.path_info.startswith("/api/") else ""
        if why:
            messages.warning(request, why)


class TypedWordsMiddleware:
    """Keeps what was typed into a form whose session had ended, and leads back to its page after signing in.

    A form that was sent has no draft any more.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.typed_before = SimpleLazyObject(lambda: typed_on(request))  # type: ignore[attr-defined]  # read by foundation.web.typed_before
        response = self.get_response(request)
        if response.status_code not in (HTTPStatus.FOUND, HTTPStatus.SEE_OTHER):
            return response
        if not isinstance(request.user, User):
            return self.to_sign_in(request, response)
        if request.method == "POST":
            settle_drafts(request)
        return response

    def to_sign_in(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Signing in leads to the page of the form, never to the address it was sent to, which may have no page.

        A part of a page (htmx) cannot show the sign-in page: the whole page goes there.
        """
        to = response["Location"]
        if "?next=" not in to or not to.startswith(resolve_url(settings.LOGIN_URL)):
            return response
        if request.method == "POST":
            if keep_unsent(request):
                messages.info(request, "We kept what you typed. Sign in to continue.")
            response = redirect_to_login(page_of(request))
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(headers={"HX-Redirect": redirect_to_login(page_of(request))["Location"]})
        return response
