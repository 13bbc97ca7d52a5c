from datetime import timedelta

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import AccountStatus, ApiToken, User
from accounts.operations.api_tokens import digest_of
from accounts.selectors.api_tokens import token_with_person

USED_AT_MOST_EVERY = timedelta(minutes=5)
"""How stale `last_used_at` may be: a write for every request would cost more than it tells."""


class PersonalTokenAuthentication(BaseAuthentication):
    """`Authorization: Token cc_…`"""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "token":
            return None
        row = token_with_person(digest_of(token.strip()))
        if row is not None and row.user.account_status != AccountStatus.GOOD:
            raise AuthenticationFailed("This account is not active.", code="account_suspended")
        if row is None or not row.is_usable:
            raise AuthenticationFailed("This token is unknown or was revoked.", code="token_invalid")
        now = timezone.now()
        if row.last_used_at is None or now - row.last_used_at > USED_AT_MOST_EVERY:
            ApiToken.objects.filter(pk=row.pk).update(last_used_at=now)
        return row.user, row

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class PortalSessionAuthentication(SessionAuthentication):
    """The browser's own session, with its CSRF token."""
