from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.operations.record_audit import record_audit
from accounts.operations.sign_ins import end_for_new_password
from foundation.outcomes.refusals import in_one_transaction


@in_one_transaction
def choose_password(*, person: User, password: str, keep: str, by: User) -> None:
    """A new password, first, changed or reset, ends whatever an earlier one may have opened.

    Ended: every other sign-in (`keep` is the session that goes on; empty for none), known devices, API tokens, links
    to choose a password, and links that confirm a personal address. Locks the person, and changes the one it is given.
    """
    stored = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    person.set_password(password)
    person.sign_in_epoch = stored.sign_in_epoch + 1
    person.save(update_fields=["password", "sign_in_epoch"])
    live = ApiToken.objects.filter(user=stored, revoked_at__isnull=True)
    tokens = live.update(revoked_at=timezone.now())
    sign_ins = end_for_new_password(person=stored, keep=keep, by=by)
    record_audit(
        actor=by,
        action="password_chosen",
        on=stored,
        tokens=tokens,
        sign_ins=sign_ins,
    )
