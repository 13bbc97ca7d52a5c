"""Keeping access after the University's sign-on ends: a personal address, and a passkey or a password."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.access.permissions import StudentPage, signed_in
from accounts.operations.keep_access import ask_personal_email, confirm_personal_email, read_link
from accounts.rules.policy import policy_in_force
from accounts.selectors.keep_access import keep_access_of, sign_on_ends
from accounts.sign_in.forms import PersonalEmailForm
from foundation.outcomes.refusals import Refused
from foundation.web.operation_view import FieldOperationView, ReadOperationView


class KeepAccess(StudentPage, FieldOperationView):
    template_name = "accounts/keep_access.html"
    form_class = PersonalEmailForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        policy, person = policy_in_force(), signed_in(self.request)
        ready = keep_access_of(person, sign_on_ends(person, policy))
        asked = self.request.session.get("personal_email_asked", "")
        context = {
            "ready": ready,
            "is_ended": ready.is_ended(timezone.localdate()),
            "asked": asked if asked.lower() != ready.personal_email else "",
            "policy": policy,
        }
        return super().get_context_data(**kwargs) | context

    def perform(self, form: PersonalEmailForm) -> HttpResponse:
        person, email = signed_in(self.request), form.cleaned_data["email"]
        ask_personal_email(person=person, email=email, by=person)
        self.request.session["personal_email_asked"] = email
        return redirect("keep_access")


class PersonalEmailConfirm(ReadOperationView):
    """The page behind the emailed link. GET changes nothing, because mail programs open links too; the button does."""

    http_method_names = ["get", "head", "post"]
    template_name = "accounts/personal_email_confirm.html"

    def perform(self, form: forms.Form) -> HttpResponse:
        if self.request.method == "POST":
            return self.confirm()
        _, email = read_link(self.kwargs["token"])
        return self.render_form(form, 200, email=email)

    def confirm(self) -> HttpResponse:
        person = confirm_personal_email(token=self.kwargs["token"])
        messages.success(self.request, "Personal email address confirmed.")
        if self.request.user == person:
            return redirect("keep_access")
        return redirect("account_login" if keep_access_of(person, None).is_ready else "account_reset_password")

    def form_refused(self, form: forms.Form, refused: Refused) -> HttpResponse:
        return self.render_form(form, refused.status, refused.headers, refusal=refused)
