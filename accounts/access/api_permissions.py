import time
from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import Role, User
from accounts.rules.policy import policy_in_force
from accounts.sign_in.sessions import proved_at

if TYPE_CHECKING:
    from rest_framework.views import APIView  # at run time it reads the settings that name this very module


class DenyByDefault(BasePermission):
    """A view that names no permission of its own answers nobody."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return False


class SignedIn(BasePermission):
    def has_permission(self, request: Request, view: "APIView") -> bool:
        return bool(request.user.is_authenticated)


class FreshSession(SignedIn):
    """The twin of `RecentAuthenticationRequired`: no token, only a session that has just proved who it is."""

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
    """Those who have appointments and those who give them; nobody else learns anything of them (APPT-4)."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        user = request.user
        return isinstance(user, User) and (user.is_student or user.is_careers_staff)
