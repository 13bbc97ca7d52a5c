"""Who may enter a page. Hidden and absent look alike: a page for somebody else answers 404."""

from typing import Any, ClassVar

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import View

from accounts.models import CAREERS_STAFF, Role, User


def signed_in(request: HttpRequest) -> User:
    """The person behind a request that a sign-in check has let through."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class RolePage(LoginRequiredMixin, View):
    """Signed out: to the sign-in page and back. Signed in without one of `roles`: not found."""

    roles: ClassVar[frozenset[str]] = frozenset()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if user.is_authenticated and not user.has_role(*self.roles):
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class StudentPage(RolePage):
    roles = frozenset({Role.STUDENT, Role.GRADUATE})


class StaffPage(RolePage):
    """Careers staff: advisers, front desk, managers."""

    roles = frozenset(CAREERS_STAFF)


class DiaryPage(RolePage):
    """Those who have or run diaries."""

    roles = frozenset({Role.ADVISER, Role.CAREERS_MANAGER})


class AdministratorPage(RolePage):
    roles = frozenset({Role.ADMINISTRATOR})
