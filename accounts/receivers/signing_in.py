"""Records signing in and out, however it happens: by the page, a provider, the demonstration or a test."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from accounts.operations.sign_ins import sign_out
from accounts.selectors.drafts import live_drafts
from accounts.sign_in.sessions import begin
from accounts.sign_in.typed_words import DRAFTS


@receiver(user_logged_in)
def somebody_signed_in(request: HttpRequest, user: User, **more: Any) -> None:
    begin(request, user)
    if live_drafts(user):
        request.session[DRAFTS] = True


@receiver(user_logged_out)
def somebody_signed_out(request: HttpRequest, user: User | None, **more: Any) -> None:
    if user is not None and request.session.session_key:
        sign_out(session_key=request.session.session_key, by=user)
