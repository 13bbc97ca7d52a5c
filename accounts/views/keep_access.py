"""Keeping access after the University's sign-on ends: an address of one's own, and a passkey or a password."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import View

from accounts.access.permissions import StudentPage, signed_in
from accounts.operations.keep_access import ask_personal_email, confirm_personal_email, read_link
from accounts.rules.policy import policy_in_force
from accounts.selectors.keep_access import keep_access_of, sign_on_ends
from accounts.sign_in.forms import PersonalEmailForm
from foundation.outcomes.refusals import Refused


class KeepAccess(StudentPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, PersonalEmailForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form, person = PersonalEmailForm(request.POST), signed_in(request)
        if not form.is_valid():
            return self.page(request, form, status=422)
        try:
            ask_personal_email(person=person, email=form.cleaned_data["email"], by=person)
        except Refused as refusal:
            form.add_error("email", f"{refusal.message} {refusal.remedy}")
            return self.page(request, form, status=refusal.status)
        request.session["personal_email_asked"] = form.cleaned_data["email"]
        return redirect("keep_access")

    def page(self, request: HttpRequest, form: PersonalEmailForm, status: int = 200) -> HttpResponse:
        policy, person = policy_in_force(), signed_in(request)
        ready = keep_access_of(person, sign_on_ends(person, policy))
        asked = request.session.get("personal_email_asked", "")
        context = {
            "form": form,
            "ready": ready,
            "is_ended": ready.is_ended(timezone.localdate()),
            "asked": asked if asked.lower() != ready.personal_email else "",
            "policy": policy,
        }
        return render(request, "accounts/keep_access.html", context, status=status)


class PersonalEmailConfirm(View):
    """The link in the letter. Opening it changes nothing, since mail programs open links too; the button does."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            _, email = read_link(token)
        except Refused as refusal:
            return self.page(request, refusal=refusal, status=refusal.status)
        return self.page(request, email=email)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            person = confirm_personal_email(token=token)
        except Refused as refusal:
            return self.page(request, refusal=refusal, status=refusal.status)
        messages.success(request, "Your personal email address is confirmed.")
        if request.user == person:
            return redirect("keep_access")
        return redirect("account_login" if keep_access_of(person, None).is_ready else "account_reset_password")

    def page(self, request: HttpRequest, status: int = 200, **context: object) -> HttpResponse:
        return render(request, "accounts/personal_email_confirm.html", context, status=status)
