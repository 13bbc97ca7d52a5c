from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import View

from accounts.rules.policy import policy_in_force


class AccountSuspended(View):
    """Whom to contact, and nothing else: the same words for everybody, so that it tells a stranger nothing."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect("home")
        return render(request, "accounts/account_suspended.html", {"policy": policy_in_force()})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Gives the browser back: the dead session is removed, and somebody else may sign in."""
        if not request.user.is_authenticated:
            request.session.flush()
        return redirect("account_login")
