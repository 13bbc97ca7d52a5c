from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import AccountStatus, ApiToken, User
from accounts.operations.api_tokens import digest_of, note_token_use
from accounts.selectors.api_tokens import token_with_person

SCHEMES = ("token", "bearer")


class PersonalTokenAuthentication(BaseAuthentication):
    """`Authorization: Token cc_…` or `Authorization: Bearer cc_…` (RFC 6750)"""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() not in SCHEMES:
            return None
        row, today = token_with_person(digest_of(token.strip())), timezone.localdate()
        if row is not None and row.user.account_status != AccountStatus.GOOD:
            raise AuthenticationFailed("This account is not active.", code="account_suspended")
        if row is None or row.revoked_at is not None or not row.user.is_active:
            raise AuthenticationFailed("This token is unknown or was revoked.", code="token_invalid")
        if row.expires_on < today:
            raise AuthenticationFailed("This token has expired. Make a new one.", code="token_expired")
        note_token_use(token=row, on=today)
        return row.user, row

    def authenticate_header(self, request: Request) -> str:
        return "Token, Bearer"


class PortalSessionAuthentication(SessionAuthentication):
    """The browser's own session, with its CSRF token."""
