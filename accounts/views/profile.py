from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.forms import BaseForm, Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from accounts.access.permissions import RecentAuthenticationRequired, signed_in
from accounts.forms import ApiTokenForm, ProfileForm
from accounts.models import ApiToken, Enrolment
from accounts.operations.api_tokens import issue_api_token, revoke_api_token
from accounts.operations.profile import update_profile
from accounts.rules.policy import policy_in_force
from foundation.web.operation_view import FieldOperationView, OperationView


class ProfilePage(LoginRequiredMixin, OperationView):
    """What the University tells us, what the person adds, and their tokens."""

    template_name = "accounts/profile_edit.html"

    def beside(self) -> dict[str, BaseForm]:
        person = signed_in(self.request)
        return {
            "profile_form": ProfileForm(instance=person),
            "token_form": ApiTokenForm(user=person, policy=policy_in_force()),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, policy = signed_in(self.request), policy_in_force()
        context = {
            "policy": policy,
            "today": timezone.localdate(),
            "enrolments": Enrolment.objects.filter(student=person).select_related("programme__school"),
            "tokens": ApiToken.objects.visible_to(person).filter(revoked_at__isnull=True),
            "new_token": self.request.session.pop("new_api_token", ""),
        }
        return context | super().get_context_data(**kwargs)


class ProfileEdit(ProfilePage):
    form_class, form_name = ProfileForm, "profile_form"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": signed_in(self.request)}

    def perform(self, form: ProfileForm) -> HttpResponse:
        update_profile(user=signed_in(self.request), by=signed_in(self.request), **form.cleaned_data)
        messages.success(self.request, "Details saved.")
        return redirect("profile_edit")


class ApiTokenCreate(RecentAuthenticationRequired, ProfilePage, FieldOperationView):
    """Needs a recent sign-in: a token would still work long after a borrowed device is returned."""

    http_method_names = ["post"]
    form_class, form_name, refused_status = ApiTokenForm, "token_form", 422

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": signed_in(self.request), "policy": policy_in_force()}

    def perform(self, form: ApiTokenForm) -> HttpResponse:
        user = signed_in(self.request)
        self.request.session["new_api_token"] = issue_api_token(user=user, by=user, **form.cleaned_data)
        return redirect("profile_edit")


class ApiTokenRevoke(ProfilePage):
    http_method_names = ["post"]

    def get_object(self) -> ApiToken:
        mine = ApiToken.objects.visible_to(signed_in(self.request))
        found: ApiToken = get_object_or_404(mine, public_id=self.kwargs["public_id"])
        return found

    def perform(self, form: Form) -> HttpResponse:
        revoke_api_token(token=self.object, by=signed_in(self.request))
        messages.success(self.request, f"The token “{self.object.name}” no longer works.")
        return redirect("profile_edit")
