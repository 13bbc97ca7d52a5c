"""Keeps what somebody typed into a form that was not sent. Leaves no entry in the trail: nothing was done yet."""

from datetime import datetime

from accounts.models import Draft, User
from accounts.rules.drafts import Typed, sealed_draft
from foundation.db.deleting import delete_rows
from foundation.outcomes.refusals import in_one_transaction
from foundation.values.times import database_now

MOST = 20
"""Drafts of one person; the oldest go first."""


@in_one_transaction
def save_draft(*, person: User, page: str, address: str, form: str, typed: Typed) -> bool:
    """Replaces the draft of the same form. Returns whether it was saved: an empty or too large one is not."""
    sealed = sealed_draft(typed, person.public_id)
    if sealed is None:
        return False
    words = {"page": page, "form": form, "sealed": sealed, "saved_at": database_now()}
    Draft.objects.update_or_create(person=person, address=address, defaults=words)
    mine = Draft.objects.filter(person=person)
    mine.exclude(pk__in=list(mine.values_list("pk", flat=True)[:MOST])).delete()
    return True


@in_one_transaction
def drop_draft(*, person: User, address: str) -> None:
    """The form was sent, or the person does not want the draft any more."""
    Draft.objects.filter(person=person, address=address).delete()


def forget_drafts(before: datetime) -> int:
    return delete_rows(Draft.objects.filter(saved_at__lt=before))
