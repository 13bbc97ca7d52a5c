"""Reacts when somebody adds or removes a second factor."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from accounts.operations.record_audit import record_audit
from accounts.selectors.second_factors import PROOFS
from accounts.sign_in.second_factor import forget_second_factor, note_second_factor


@receiver(authenticator_added, dispatch_uid="accounts.second_factor_added")
def second_factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Adding a factor proves it, so the person need not sign in again."""
    if authenticator.type in PROOFS:
        note_second_factor(request, user)
    _record("second_factor_added", user, authenticator)


@receiver(authenticator_removed, dispatch_uid="accounts.second_factor_removed")
def second_factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    _record("second_factor_removed", user, authenticator)
    if not Authenticator.objects.filter(user=user, type__in=PROOFS).exists():
        forget_second_factor(request)


def _record(action: str, user: User, authenticator: Authenticator) -> None:
    record_audit(actor=user, action=action, on=user, type=str(authenticator.type))
