import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.operations.record_audit import record_audit


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def issue_api_token(*, user: User, name: str, by: User | None) -> str:
    """Returns the token, the only time anybody sees it: 256 random bits, so a plain hash is enough to keep."""
    token = "cc_" + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(user=user, name=name, digest=digest_of(token))
    record_audit(actor=by, action="token_issued", subject="api_token", subject_id=row.public_id)
    return token


@transaction.atomic
def revoke_api_token(*, token: ApiToken, by: User) -> None:
    """Dead on the very next request; revoking twice changes nothing."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now()):
        record_audit(actor=by, action="token_revoked", subject="api_token", subject_id=token.public_id)
