"""Who may enter a page. Hidden and absent look alike: a page for somebody else answers 404."""

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


class GovernancePage(RolePage):
    roles = frozenset({Role.INFORMATION_GOVERNANCE})


class RecentAuthenticationRequired(View):
    """For exports and what touches security: who one is must have been proved in the last few minutes (a setting).

    Stands before the page's own class. A form that was sent is kept and sent on once the proof is given; whoever
    can only prove it through the University's own sign-in is asked to sign in again.
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
