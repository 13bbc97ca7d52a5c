"""Who can open a page. A page for somebody else answers 404, as if it did not exist."""

import time
from typing import Any, ClassVar

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.generic import View

from accounts.models import CAREERS_STAFF, Role, User
from accounts.rules.policy import policy_in_force
from accounts.sign_in.sessions import proved_at


def signed_in(request: HttpRequest) -> User:
    """The user of a request that has passed a sign-in check."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class RolePage(LoginRequiredMixin, View):
    """Redirects signed-out visitors to the sign-in page and back. Answers 404 to people without one of `roles`."""

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
    """People who have or manage diaries."""

    roles = frozenset({Role.ADVISER, Role.CAREERS_MANAGER})


class AdministratorPage(RolePage):
    roles = frozenset({Role.ADMINISTRATOR})


class GovernancePage(RolePage):
    roles = frozenset({Role.INFORMATION_GOVERNANCE})


class RecentAuthenticationRequired(View):
    """For exports and security pages: the person must have signed in within the last few minutes (a policy setting).

    List this mixin before the page's own class. A POST is stored and repeated after the person has authenticated again.
    Somebody who can only authenticate through the University's sign-on is asked to sign in again.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not is_fresh(request):
            if get_adapter().get_reauthentication_methods(request.user):
                raise ReauthenticationRequired
            return render(request, "accounts/sign_in_again.html", status=403)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


def is_fresh(request: HttpRequest) -> bool:
    """One query."""
    return time.time() - proved_at(request) < policy_in_force().fresh_sign_in_minutes * 60
