"""Invitations: a link with which somebody who was added by hand chooses their first password."""

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import User
from accounts.models.user import UserQuerySet
from accounts.operations.passwords import choose_password
from accounts.operations.record_audit import record_audit
from accounts.operations.write_to_unproven import write_to_unproven
from accounts.rules.invitations import invitation_ends
from accounts.rules.policy import policy_in_force
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.times import database_now

SALT = "accounts.invitation"


@in_one_transaction
def invite(*, person: User, by: User | None) -> str:
    """Emails a link to choose a password, and returns it. An earlier link stops working.

    Locks the person. Raises Refused: `joined_already`, `account_closed`, or `too_many_letters` after a few a day.
    """
    stored = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if stored.last_login:
        raise Refused("joined_already", "They have signed in already.", "If they forget the password, they reset it.")
    if not stored.is_active:
        raise Refused("account_closed", "This account is closed.", "Open it first.")
    person.invited_at = stored.invited_at = database_now()
    stored.save(update_fields=["invited_at"])
    link = invitation_url(stored, stored.invited_at)
    days = policy_in_force().invitation_days
    write_to_unproven(template="account/email/invitation", to=stored.email, person=stored, link=link, days=days)
    record_audit(actor=by, action="invited", on=stored)
    return link


@in_one_transaction
def accept_invitation(*, token: str, password: str) -> User:
    """Saves the person's first password; with it the link stops working.

    Locks the person. Raises Refused (`invitation_over`) as `read_invitation` does.
    """
    person = read_invitation(token, User.objects.select_for_update(no_key=True))
    choose_password(person=person, password=password, keep="", by=person)
    record_audit(actor=person, action="invitation_accepted", on=person)
    return person


def read_invitation(token: str, people: UserQuerySet | None = None) -> User:
    """The person of the link. One query for the person and one for the setting.

    Raises Refused (`invitation_over`) if the link is forged, too old, used or replaced by a newer one, or if the
    account is closed.
    """
    try:
        public_id, epoch, invited = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise _invitation_over() from None
    found = User.objects.all() if people is None else people
    person = found.filter(public_id=public_id, is_active=True, sign_in_epoch=epoch, last_login__isnull=True).first()
    if person is None or person.invited_at is None or person.invited_at.isoformat() != invited:
        raise _invitation_over()
    if database_now() >= invitation_ends(person.invited_at, policy_in_force().invitation_days):
        raise _invitation_over()
    return person


def invitation_url(person: User, invited_at: datetime) -> str:
    token = signing.dumps([person.public_id, person.sign_in_epoch, invited_at.isoformat()], salt=SALT)
    return f"{settings.SITE_URL}{reverse('invitation_accept', args=[token])}"


def _invitation_over() -> Refused:
    return Refused(
        "invitation_over",
        "This link no longer works.",
        "It has been used, replaced by a newer one, or is too old. Ask an administrator for a new one.",
        status=404,
    )
