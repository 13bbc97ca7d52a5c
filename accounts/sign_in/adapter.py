"""Adapters that configure allauth for this portal."""

import base64
import hashlib
import logging
import time
from typing import Any
from urllib.parse import urlsplit

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import headed_redirect_response
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountStatus, User
from accounts.notices.letters import letter
from accounts.operations.bind_identity import bind_identity, check_identity
from accounts.operations.count_events import Counted, uncount_event
from accounts.operations.passwords import choose_password
from accounts.rules.policy import policy_in_force
from accounts.selectors.keep_access import must_use_sign_on
from accounts.sign_in.limits import clear_tries, count_password, count_password_again
from accounts.sign_in.provider import as_app
from accounts.sign_in.second_factor import note_second_factor
from foundation.outcomes.refusals import Refused
from foundation.values.times import plain_day

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """People come from the student feed or an administrator, so nobody can sign up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Called after a correct password only: a suspended person is told whom to contact (SEC-4)."""
        if user.account_status == AccountStatus.SUSPENDED:
            answer: HttpResponse = headed_redirect_response("account_suspended")
            return answer
        return super().respond_user_inactive(request, user)

    def get_login_stages(self) -> list[str]:
        return ["accounts.sign_in.stages.SecondFactorStage"]

    def pre_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse | None:
        """Sends people who must use the University's sign-on there, if the setting requires it.

        Checked after the password, so that the answer does not reveal whose account it is.
        """
        response: HttpResponse | None = super().pre_login(request, user, **more)
        came_from_university = "sociallogin" in (more["signal_kwargs"] or {})
        if response is None and not came_from_university and must_use_sign_on(user, timezone.localdate()):
            clear_login(request)
            return redirect("sign_on_required")
        return response

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse:
        sociallogin = (more["signal_kwargs"] or {}).get("sociallogin")
        if sociallogin and sociallogin.state.get("second_factor"):
            note_second_factor(request, user)
        response: HttpResponse = super().post_login(request, user, **more)
        return response

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Not required within a few minutes after signing in or authenticating again."""
        since = time.time() - account_settings.REAUTHENTICATION_TIMEOUT
        records = get_authentication_records(context.request, context.request.user)
        return not any(record["at"] > since for record in records)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the attempt before the password is checked, in place of allauth's limits: see
        `accounts.sign_in.limits`.
        """
        self._tried = self._require(count_password(request, credentials.get("email", "")))

    def reauthenticate(self, user: User, password: str) -> bool:
        """Identifies the person by id, not by address; counted like a sign-in."""
        tried = self._require(count_password_again(context.request, user))
        proven = user.check_password(password)
        if proven:
            uncount_event(tried)
        return proven

    def _require(self, counted: Counted) -> Counted:
        if not counted.is_allowed:
            raise self.validation_error("too_many_login_attempts")
        return counted

    def _rollback_login_failed_rl_usage(self) -> None:
        """allauth calls this after a correct password."""
        uncount_event(self._tried)

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing to do: `set_password` clears the counts."""

    def set_password(self, user: User, password: str) -> None:
        """Setting, changing or resetting a password ends all other access (`choose_password`)."""
        request = context.request
        keep = str(request.session.session_key) if request.user.pk == user.pk else ""
        choose_password(person=user, password=password, keep=keep, by=user)
        clear_tries(request, user)

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + path.replace("UID-KEY", key)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Sends plain text in our common frame. Nothing in it comes from the request."""
        letter(template_prefix, email, {key: value for key, value in context.items() if key != "request"}).send()

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Sends to the address that the person reads."""
        self.send_mail(template_prefix, email or user.contact_email, {"user": user, **(context or {})})


class SignOnAdapter(DefaultSocialAccountAdapter):
    """Identities are pairs of issuer and subject. People are found by university id, never by email."""

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """Reads the settings only, so that no database row can add an identity provider."""
        apps = [as_app(each) for each in settings.SIGN_ON_PROVIDERS]
        return [
            app
            for app in apps
            if provider in (None, app.provider, app.provider_id) and client_id in (None, app.client_id)
        ]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        assertion = sociallogin.assertion
        sociallogin.token = None
        try:
            if sociallogin.is_existing:
                check_identity(account=sociallogin.account, assertion=assertion)
            else:
                sociallogin.account = bind_identity(provider=sociallogin.account.provider, assertion=assertion)
                sociallogin.user = sociallogin.account.user
        except Refused as refusal:
            logger.warning("sign-on refused at %s: %s", sociallogin.account.provider, refusal.code)
            page = {"refusal": refusal, "provider": sociallogin.provider, "policy": policy_in_force()}
            raise ImmediateHttpResponse(
                render(request, "socialaccount/refused.html", page, status=refusal.status)
            ) from refusal
        sociallogin.state["second_factor"] = assertion.second_factor

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        return None

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        return sociallogin.user

    def on_authentication_error(self, request: HttpRequest, provider: Any, **more: Any) -> None:
        logger.warning("sign-on failed at %s: %s", provider.sub_id, type(more.get("exception")).__name__)

    def serialize_instance(self, instance: Any) -> dict[str, Any]:
        """Stores only the person's id in the session."""
        if isinstance(instance, User):
            return {"id": instance.pk}
        said: dict[str, Any] = super().serialize_instance(instance)
        return said

    def deserialize_instance(self, model: Any, data: dict[str, Any]) -> Any:
        if model is User:
            return User.objects.filter(pk=data["id"]).first()
        return super().deserialize_instance(model, data)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Encrypts stored secrets with SECRET_KEY; names and addresses come from the settings."""

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return str(settings.BRAND["name"])

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": settings.BRAND["name"]}

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        return f"Passkey of {plain_day(timezone.localdate())}"


def _fernet() -> MultiFernet:
    """Decrypts with former keys too, so that SECRET_KEY can be rotated (SECRET_KEY_FALLBACKS)."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"mfa {key}".encode()).digest())) for key in keys]
    )
