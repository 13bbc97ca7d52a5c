from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import View

from accounts.access.permissions import RecentAuthenticationRequired, signed_in
from accounts.forms import ApiTokenForm, ProfileForm
from accounts.models import ApiToken, Enrolment
from accounts.operations.api_tokens import issue_api_token, revoke_api_token
from accounts.operations.profile import update_profile
from accounts.rules.policy import policy_in_force


class ProfileEdit(LoginRequiredMixin, View):
    """What the University says, what the person adds, and their tokens."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, ProfileForm(instance=signed_in(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ProfileForm(request.POST, instance=signed_in(request))
        if not form.is_valid():
            return self.page(request, form, status=422)
        update_profile(user=signed_in(request), by=signed_in(request), **form.cleaned_data)
        messages.success(request, "Your details are saved.")
        return redirect("profile_edit")

    def page(self, request: HttpRequest, form: ProfileForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "policy": policy_in_force(),
            "enrolments": Enrolment.objects.filter(student=signed_in(request)).select_related("programme__school"),
            "tokens": ApiToken.objects.visible_to(signed_in(request)).filter(revoked_at__isnull=True),
            "token_form": ApiTokenForm(),
            "new_token": request.session.pop("new_api_token", ""),
        }
        return render(request, "accounts/profile_edit.html", context, status=status)


class ApiTokenCreate(RecentAuthenticationRequired, LoginRequiredMixin, View):
    """Needs a fresh proof of who one is: a token goes on working long after a borrowed device is given back."""

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ApiTokenForm(request.POST)
        if form.is_valid():
            request.session["new_api_token"] = issue_api_token(
                user=signed_in(request), name=form.cleaned_data["name"], by=signed_in(request)
            )
        else:
            messages.error(request, "Say what the token is for, in at most 80 characters.")
        return redirect("profile_edit")


class ApiTokenRevoke(LoginRequiredMixin, View):
    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        token = get_object_or_404(ApiToken.objects.visible_to(signed_in(request)), public_id=public_id)
        revoke_api_token(token=token, by=signed_in(request))
        messages.success(request, f"The token “{token.name}” no longer works.")
        return redirect("profile_edit")
