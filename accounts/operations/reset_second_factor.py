from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.models import User
from accounts.operations.record_audit import record_audit


@transaction.atomic
def reset_second_factor(*, person: User, by: User | None) -> int:
    """Removes all second factors of somebody who has lost them; they set up a new one at the next sign-in.

    Returns how many were removed.
    """
    removed, _ = Authenticator.objects.filter(user=person).delete()
    record_audit(actor=by, action="second_factor_reset", on=person, removed=removed)
    return int(removed)
