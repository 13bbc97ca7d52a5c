import time
from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.models import ApiToken, Role, User
from accounts.operations.count_requests import require_request_rate
from accounts.rules.policy import policy_in_force
from accounts.sign_in.sessions import proved_at
from foundation.values.networks import client_address, place_of

if TYPE_CHECKING:
    # Not at run time: rest_framework.views imports this module by its name in the settings.
    from rest_framework.views import APIView


class DenyByDefault(BasePermission):
    """The default permission: a view that declares no permission refuses everybody."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return False


class SignedIn(BasePermission):
    def has_permission(self, request: Request, view: "APIView") -> bool:
        return bool(request.user.is_authenticated)


class FreshSession(SignedIn):
    """API counterpart of `RecentAuthenticationRequired`: refuses tokens, and sessions that did not sign in recently."""

    message = "This needs a person who has just signed in: a token cannot do it."
    code = "sign_in_again"

    def has_permission(self, request: Request, view: "APIView") -> bool:
        by_session = request.auth is None and super().has_permission(request, view)
        return by_session and time.time() - proved_at(request._request) < policy_in_force().fresh_sign_in_minutes * 60


class IsStudent(SignedIn):
    def has_permission(self, request: Request, view: "APIView") -> bool:
        return isinstance(request.user, User) and request.user.is_student


class IsCareersStaff(SignedIn):
    def has_permission(self, request: Request, view: "APIView") -> bool:
        return isinstance(request.user, User) and request.user.is_careers_staff


class IsAdministrator(SignedIn):
    def has_permission(self, request: Request, view: "APIView") -> bool:
        return isinstance(request.user, User) and request.user.has_role(Role.ADMINISTRATOR)


class UsesAppointments(SignedIn):
    """Students and graduates, who have appointments, and careers staff, who give them.

    Nobody else learns of them (APPT-4).
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        user = request.user
        return isinstance(user, User) and (user.is_student or user.is_careers_staff)


class RequestThrottle(BaseThrottle):
    """Limits requests per minute for each token, each person with a session, and each network without either."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        if isinstance(request.auth, ApiToken):
            require_request_rate(about=f"token:{request.auth.pk}", most=settings.API_REQUESTS_A_MINUTE)
        elif request.user.is_authenticated:
            require_request_rate(about=f"person:{request.user.pk}", most=settings.API_REQUESTS_A_MINUTE)
        elif place := place_of(client_address(request._request)):
            require_request_rate(about=f"place:{place}", most=settings.API_ANONYMOUS_REQUESTS_A_MINUTE)
        return True
