"""Shows one page to browsers whose session belongs to a suspended person, whatever they request (SEC-4)."""

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import AccountStatus, User

PAGES: dict[str, str] = {AccountStatus.SUSPENDED: "account_suspended", AccountStatus.TERMINATED: "account_inactive"}
ALLOWED_ROUTES = ("account_suspended", "account_inactive", "theme_choose")

ALWAYS_SERVED = ("/brand.css", "/health/")
"""Paths that do not depend on the visitor."""


class ClosedAccounts(MiddlewareMixin):
    """Runs after the authentication middleware.

    If the session's person is suspended, every page redirects to the one that says whom to contact, until they sign out
    there. API requests get 401 from the API. Queries the database only if a session names a person who is not signed
    in.
    """

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        page = self.page_for(request)
        if not page:
            return None
        htmx = request.headers.get("HX-Request") == "true"
        answer = HttpResponseClientRedirect(reverse(page)) if htmx else redirect(page)
        answer["Cache-Control"] = "no-store"
        return answer

    def page_for(self, request: HttpRequest) -> str:
        if request.path_info.startswith(ALWAYS_SERVED):
            return ""
        if SESSION_KEY not in request.session or request.user.is_authenticated:
            return ""
        page = PAGES.get(account_status_of(request.session.get(SESSION_KEY)), "")
        is_open = page and (request.path.startswith("/api/v1") or request.path in map(reverse, ALLOWED_ROUTES))
        return "" if is_open else page


def account_status_of(key: object) -> str:
    found = User.objects.filter(pk=str(key)).values_list("account_status", flat=True) if str(key).isdigit() else ()
    return next(iter(found), "")
