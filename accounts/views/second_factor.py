"""Setting up a second factor; allauth has the other pages."""

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import View

from accounts.access.permissions import signed_in
from accounts.sign_in.second_factor import has_second_factor


class SecondFactorEnrol(LoginRequiredMixin, View):
    """Staff without a second factor are redirected here until they have one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        person = signed_in(request)
        if not person.is_any_staff:
            return redirect("mfa_index")
        if has_second_factor(request, person):
            return redirect("home")
        kinds = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
        return render(request, "accounts/second_factor_enrol.html", {"kinds": kinds})


class MfaAddWebauthn(AddWebAuthnView):
    """Returns students to keeping their access instead of showing them recovery codes."""

    def get_success_url(self) -> str:
        if self.request.user.is_any_staff:
            return super().get_success_url()
        return reverse("keep_access")
