from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.generic import View

from accounts.access.permissions import RecentAuthenticationRequired, signed_in
from accounts.forms import ApiTokenForm, ProfileForm
from accounts.models import ApiToken, Enrolment
from accounts.operations.api_tokens import issue_api_token, revoke_api_token
from accounts.operations.profile import update_profile
from accounts.rules.policy import policy_in_force
from foundation.outcomes.refusals import Refused


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

    def page(self, request: HttpRequest, form: ProfileForm, status: int = 200, **more: Any) -> HttpResponse:
        policy = policy_in_force()
        context = {
            "form": form,
            "policy": policy,
            "today": timezone.localdate(),
            "enrolments": Enrolment.objects.filter(student=signed_in(request)).select_related("programme__school"),
            "tokens": ApiToken.objects.visible_to(signed_in(request)).filter(revoked_at__isnull=True),
            "token_form": ApiTokenForm(user=signed_in(request), policy=policy),
            "new_token": request.session.pop("new_api_token", ""),
            **more,
        }
        return render(request, "accounts/profile_edit.html", context, status=status)


class ApiTokenCreate(RecentAuthenticationRequired, ProfileEdit):
    """Needs a fresh proof of who one is: a token goes on working long after a borrowed device is given back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        user = signed_in(request)
        form = ApiTokenForm(request.POST, user=user, policy=policy_in_force())
        if form.is_valid():
            try:
                request.session["new_api_token"] = issue_api_token(user=user, by=user, **form.cleaned_data)
                return redirect("profile_edit")
            except Refused as refused:
                form.add_error(refused.field or None, f"{refused.message} {refused.remedy}".strip())
        return self.page(request, ProfileForm(instance=user), 422, token_form=form)


class ApiTokenRevoke(LoginRequiredMixin, View):
    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        token = get_object_or_404(ApiToken.objects.visible_to(signed_in(request)), public_id=public_id)
        revoke_api_token(token=token, by=signed_in(request))
        messages.success(request, f"The token “{token.name}” no longer works.")
        return redirect("profile_edit")
