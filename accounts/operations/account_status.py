"""The only code that changes an account's status. The operations of security cases call it.

Subjects of the audit entries begin with `security_`, so that only information governance can read them.
"""

from django.utils import timezone

from accounts.models import AccountStatus, ApiToken, SignIn, User
from accounts.operations.lock_people import lock_people
from accounts.operations.record_audit import Subject, record_audit
from accounts.operations.signals import account_reinstated, account_suspended, account_terminated
from foundation.outcomes.refusals import Refused, in_one_transaction


@in_one_transaction
def suspend_account(*, person: User, by: User) -> User:
    """Suspends the account from the person's next request on (SEC-4).

    All their sessions become invalid for good, even after a reinstatement. Their API tokens are revoked for good, and
    links sent to them stop working. Locks the person and sends `account_suspended` in the same transaction. Refuses an
    account that is already suspended.
    """
    suspended = _locked(person)
    if suspended.account_status != AccountStatus.GOOD:
        raise Refused("already_suspended", "This account is suspended or closed already.", "Open its case.")
    suspended.account_status, suspended.was_active = AccountStatus.SUSPENDED, suspended.is_active
    suspended.is_active, suspended.sign_in_epoch = False, suspended.sign_in_epoch + 1
    suspended.save(update_fields=["account_status", "was_active", "is_active", "sign_in_epoch"])
    ApiToken.objects.filter(user=suspended, revoked_at__isnull=True).update(revoked_at=timezone.now())
    SignIn.objects.filter(person=suspended, remembered=True).update(remembered=False)
    _record(suspended, by, "account_suspended")
    account_suspended.send(sender=User, person=suspended)
    return suspended


@in_one_transaction
def reinstate_account(*, person: User, by: User) -> User:
    """Restores the account as it was before.

    The person has to sign in again and create new tokens. Locks the person and sends `account_reinstated`.
    """
    reinstated = _locked(person)
    _require_suspended(reinstated)
    reinstated.account_status, reinstated.is_active = AccountStatus.GOOD, reinstated.was_active
    reinstated.save(update_fields=["account_status", "is_active"])
    _record(reinstated, by, "account_reinstated")
    account_reinstated.send(sender=User, person=reinstated)
    return reinstated


@in_one_transaction
def terminate_account(*, person: User, by: User) -> User:
    """Closes the account for good.

    Locks the person and sends `account_terminated`. The case checks that two people agreed.
    """
    terminated = _locked(person)
    _require_suspended(terminated)
    terminated.account_status = AccountStatus.TERMINATED
    terminated.save(update_fields=["account_status"])
    _record(terminated, by, "account_terminated")
    account_terminated.send(sender=User, person=terminated)
    return terminated


def _locked(person: User) -> User:
    lock_people(person)
    locked: User = User.objects.get(pk=person.pk)
    return locked


def _require_suspended(person: User) -> None:
    if person.account_status != AccountStatus.SUSPENDED:
        raise Refused("not_suspended", "This account is not suspended.", "Open its case again.")


def _record(person: User, by: User, action: str) -> None:
    record_audit(actor=by, action=action, on=Subject("security_standing", person.public_id))
