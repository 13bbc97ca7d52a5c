"""Sign-in forms that replace allauth's."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.fields import EmailField
from allauth.account.forms import LoginForm, ResetPasswordForm, default_token_generator
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.db import transaction
from django.http import HttpRequest

from accounts.models import User
from accounts.operations.count_events import uncount_event
from accounts.selectors.people import Owner, owner_of
from accounts.sign_in.limits import count_code, count_reset_letter
from foundation.web.inputs import CleanEmailField


class SignInEmailField(CleanEmailField, EmailField):
    """allauth's, in lower case."""


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = SignInEmailField(label=self.fields["login"].label, widget=self.fields["login"].widget)


class _Undone(Exception):
    pass


class UniformResetPasswordForm(ResetPasswordForm):
    """Does the same work and gives the same answer whether or not the address is known and the limit is reached, so
    that neither the page nor its response time reveals anything.
    """

    email = SignInEmailField()
    owner: Owner | None = None

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        owner = owner_of(email)
        self.owner = owner if owner and owner.person.is_active else None
        return email

    def save(self, request: HttpRequest, **more: Any) -> str:
        email: str = self.cleaned_data["email"]
        counted = count_reset_letter(request, email, self.owner.person if self.owner else None)
        to = self.owner or Owner(User(pk=0, email=email, given_name="Nobody", password=""), email)
        try:
            with transaction.atomic():
                request_password_reset(request, to.address, [to.person], default_token_generator)
                if not (self.owner and counted.is_allowed):
                    raise _Undone
        except _Undone:
            pass
        return email


class _CountedCode(BaseAuthenticateForm):
    def clean_code(self) -> str:
        tried = count_code(context.request, self.user)
        if not tried.is_allowed:
            raise get_adapter().validation_error("too_many_login_attempts")
        code: str = super().clean_code()
        uncount_event(tried)
        return code


class CodeForm(_CountedCode, AuthenticateForm):
    """A code from the app or a recovery code after the password, counted by `accounts.sign_in.limits`."""


class CodeAgainForm(_CountedCode, ReauthenticateForm):
    """The same for somebody who is already signed in."""


class PasskeyForm(AddWebAuthnForm):
    """A passkey is enough to sign in, so it must verify the person by fingerprint, face or PIN."""

    name = forms.CharField(label="Name", max_length=80, required=False, help_text="So that you recognise it later.")
    passwordless = forms.BooleanField(initial=True, required=False, widget=forms.HiddenInput)

    def clean_passwordless(self) -> bool:
        return True


class PersonalEmailForm(forms.Form):
    email = CleanEmailField(
        label="Your personal email address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        help_text="Use one you’ll keep after you leave. We’ll send a link to it.",
    )
