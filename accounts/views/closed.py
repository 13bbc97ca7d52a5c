from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import View

from accounts.rules.policy import policy_in_force


class AccountSuspended(View):
    """Says whom to contact. The page is the same for everybody, so that it reveals nothing to strangers."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect("home")
        return render(request, "accounts/account_suspended.html", {"policy": policy_in_force()})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Removes the invalid session, so that somebody else can sign in."""
        if not request.user.is_authenticated:
            request.session.flush()
        return redirect("account_login")
