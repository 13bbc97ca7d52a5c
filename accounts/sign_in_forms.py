"""Forms of signing in, in place of allauth's own."""

from typing import Any

from allauth.account.forms import ResetPasswordForm, default_token_generator
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.db import transaction
from django.http import HttpRequest

from accounts.models import User


class _Undone(Exception):
    pass


class UniformResetPasswordForm(ResetPasswordForm):
    """The same work whether the address is known or not, so that the time taken says nothing."""

    users: list[User]

    def save(self, request: HttpRequest, **more: Any) -> str:
        email: str = self.cleaned_data["email"]
        nobody = User(pk=0, email=email, given_name="Nobody", password="")
        try:
            with transaction.atomic():
                request_password_reset(request, email, self.users or [nobody], default_token_generator)
                if not self.users:
                    raise _Undone
        except _Undone:
            pass
        return email


class PasskeyForm(AddWebAuthnForm):
    """Every passkey here signs in by itself, so it must have checked the person's finger, face or PIN."""

    name = forms.CharField(label="Name", max_length=80, required=False, help_text="So that you recognise it later.")
    passwordless = forms.BooleanField(initial=True, required=False, widget=forms.HiddenInput)

    def clean_passwordless(self) -> bool:
        return True


class PersonalEmailForm(forms.Form):
    email = forms.EmailField(
        label="Your personal email address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        help_text="One that stays yours when you leave: we send a link to it.",
    )
