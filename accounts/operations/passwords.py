from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.operations.record_audit import record_audit
from accounts.operations.sign_ins import end_for_new_password
from foundation.outcomes.refusals import in_one_transaction


@in_one_transaction
def choose_password(*, person: User, password: str, keep: str, by: User) -> None:
    """Sets a password and ends all access that the earlier one may have given.

    It ends other sign-ins (except the session `keep`; empty ends all), known devices, API tokens, links to set a
    password, and links to confirm a personal address. Locks the person, and changes the object passed in.
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
