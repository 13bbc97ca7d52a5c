import hashlib
import secrets
from collections.abc import Collection
from datetime import date

from django.db.models import Q
from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.operations.lock_people import lock_people
from accounts.operations.record_audit import record_audit
from accounts.rules.api_tokens import last_expiry, may_expire_on, may_have_another, may_have_scopes, scopes_of
from accounts.rules.policy import policy_in_force
from foundation.outcomes.refusals import in_one_transaction, require


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@in_one_transaction
def issue_api_token(
    *, user: User, name: str, by: User | None, scopes: Collection[str] | None = None, expires_on: date | None = None
) -> str:
    """Returns the token; it cannot be shown again. It has 256 random bits, so storing a plain hash is safe.

    Without `scopes` the token gets all that the person's roles allow; without `expires_on` it lasts as long as the
    policy allows. Locks the person. Refuses `token_scopes`, `token_expiry` and `too_many_tokens`.
    """
    lock_people(user)
    today, policy = timezone.localdate(), policy_in_force()
    chosen = scopes_of(user) if scopes is None else list(dict.fromkeys(scopes))
    last_day = expires_on or last_expiry(today, policy)
    require(may_have_scopes(user, chosen), field="scopes", status=422)
    require(may_expire_on(last_day, today, policy), field="expires_on", status=422)
    require(may_have_another(ApiToken.objects.usable(today).filter(user=user).count(), policy))
    token = "cc_" + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        user=user, name=name, digest=digest_of(token), scopes=sorted(chosen), expires_on=last_day
    )
    record_audit(actor=by, action="token_issued", on=row)
    return token


@in_one_transaction
def revoke_api_token(*, token: ApiToken, by: User) -> None:
    """The token stops working with the next request. Revoking it twice changes nothing."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now()):
        record_audit(actor=by, action="token_revoked", on=token)


def note_token_use(*, token: ApiToken, on: date) -> None:
    """Writes at most once a day, even for concurrent requests."""
    if token.last_used_on != on:
        earlier = Q(last_used_on__isnull=True) | Q(last_used_on__lt=on)
        ApiToken.objects.filter(earlier, pk=token.pk).update(last_used_on=on)
