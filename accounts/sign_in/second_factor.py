"""Requires a second factor of staff: without one they can only open the page where they set it up."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.deprecation import MiddlewareMixin

from accounts.models import User
from foundation.web.problems import problem_response

PROVEN = "second_factor_of"
"""Session key: the id of the person who has proved a second factor in this session."""
ALLOWED_ROUTES = frozenset({
    "second_factor_enrol", "mfa_add_webauthn", "mfa_activate_totp", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    "account_reauthenticate", "account_logout", "theme_choose", "brand_css", "health_live", "health_ready",
    "policies", "privacy", "accessibility", "api_problem_list", "api_problem_detail",
})  # fmt: skip
"""Routes needed to set up a second factor, and public ones."""


def note_second_factor(request: HttpRequest, person: User) -> None:
    request.session[PROVEN] = person.pk


def forget_second_factor(request: HttpRequest) -> None:
    request.session.pop(PROVEN, None)


def has_second_factor(request: HttpRequest, person: User) -> bool:
    """Whether a second factor was proved since this sign-in: by the University's claim, a passkey, an app or a recovery
    code.
    """
    if request.session.get(PROVEN) == person.pk:
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, person))


def lacks_second_factor(request: HttpRequest) -> bool:
    person = request.user
    if not settings.STAFF_NEED_SECOND_FACTOR or not isinstance(person, User) or not person.is_any_staff:
        return False
    return not has_second_factor(request, person)


class SecondFactorMiddleware(MiddlewareMixin):
    """Blocks every route that is not in ALLOWED_ROUTES.

    Requests with a personal token have no session and are not affected.
    """

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.view_name in ALLOWED_ROUTES or not lacks_second_factor(request):
            return None
        if request.path.startswith("/api/"):
            return _problem()
        return redirect("second_factor_enrol")


def _problem() -> HttpResponse:
    return problem_response(403, "second_factor_needed", "Staff need a second factor. Sign in again and set one up.")
