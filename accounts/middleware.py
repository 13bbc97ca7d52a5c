"""Session middleware: extends sessions, ends them at their limits, and tells people why they were signed out."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from accounts.models import User
from accounts.selectors.sign_ins import why_signed_out
from accounts.sign_in.closed_accounts import ALWAYS_SERVED
from accounts.sign_in.known_devices import set_known_device
from accounts.sign_in.sessions import SIGN_IN_KEY, begin, is_due, renew


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
