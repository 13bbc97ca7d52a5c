"""The pages' side of an invitation: the form for the first password, and signing in with it."""

from allauth.account.forms import SetPasswordForm
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse

from accounts.models import User


class FirstPasswordForm(SetPasswordForm):
    """`accept_invitation` saves it."""


def sign_in_invited(request: HttpRequest, person: User) -> HttpResponse:
    """Signs in the person who has just chosen a password; staff then set up a second factor."""
    record_authentication(request, person, method="password")
    response: HttpResponse = perform_login(request, Login(user=person, email=person.email))
    return response
