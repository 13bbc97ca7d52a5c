from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import User

if TYPE_CHECKING:
    from rest_framework.views import APIView  # at run time it reads the settings that name this very module


class DenyByDefault(BasePermission):
    """A view that names no permission of its own answers nobody."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return False


class SignedIn(BasePermission):
    def has_permission(self, request: Request, view: "APIView") -> bool:
        return bool(request.user.is_authenticated)


class IsStudent(SignedIn):
    def has_permission(self, request: Request, view: "APIView") -> bool:
        return isinstance(request.user, User) and request.user.is_student


class IsCareersStaff(SignedIn):
    def has_permission(self, request: Request, view: "APIView") -> bool:
        return isinstance(request.user, User) and request.user.is_careers_staff


class UsesAppointments(SignedIn):
    """Those who have appointments and those who give them; nobody else learns anything of them (APPT-4)."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        user = request.user
        return isinstance(user, User) and (user.is_student or user.is_careers_staff)
