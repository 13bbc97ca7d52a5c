from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import View

from accounts.access.permissions import signed_in
from accounts.models import SignIn
from accounts.operations.sign_ins import end_other_sign_ins, end_sign_in
from accounts.rules.policy import policy_in_force
from accounts.rules.sessions import session_limits
from accounts.selectors.sign_ins import devices_of
from foundation.values.times import spoken_span


class SignInList(LoginRequiredMixin, View):
    """The devices on which the person is signed in (SEC-1)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        person, policy = signed_in(request), policy_in_force()
        limits = session_limits(person, policy)
        context = {
            "devices": devices_of(person, request.session.session_key),
            "limits": limits,
            "idle_words": spoken_span(limits.idle),
            "longest_words": spoken_span(limits.longest),
            "policy": policy,
        }
        return render(request, "accounts/sign_in_list.html", context)


class SignInEnd(LoginRequiredMixin, View):
    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        sign_in = get_object_or_404(SignIn.objects.visible_to(signed_in(request)), public_id=public_id)
        if sign_in.session_key == request.session.session_key:
            logout(request)
            return redirect("account_login")
        end_sign_in(sign_in=sign_in, by=signed_in(request))
        messages.success(request, f"{sign_in.device} is signed out.")
        return redirect("sign_in_list")


class SignInEndOthers(LoginRequiredMixin, View):
    def post(self, request: HttpRequest) -> HttpResponse:
        person = signed_in(request)
        count = end_other_sign_ins(person=person, keep=str(request.session.session_key), by=person)
        messages.success(request, f"{count} {'other device is' if count == 1 else 'other devices are'} signed out.")
        return redirect("sign_in_list")
