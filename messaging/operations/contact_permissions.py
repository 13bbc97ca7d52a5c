"""Records what people agree to receive, and on which channel (DATA-1). Rows are added, never changed."""

from collections.abc import Iterable, Mapping

from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.operations.record_audit import Subject, record_audit
from foundation.outcomes.refusals import in_one_transaction
from foundation.values.times import database_now
from messaging.models import ContactChannel, ContactPermission, How
from messaging.selectors import permissions_in_force


@in_one_transaction
def say_permissions(
    *, person: User, said: Mapping[tuple[str, str], bool], by: User, how: str = How.PAGE, where: str
) -> int:  # fmt: skip
    """Records answers: `said` maps (purpose, channel) to yes or no.

    Adds only those that differ from the permissions in force. Returns how many.
    """
    lock_people(person)
    now, held = database_now(), permissions_in_force(person)
    new = [
        ContactPermission(
            person=person, purpose=purpose, channel=channel, given=given, said_at=now, how=how, where=where,
            noted_by=None if by == person else by,
        )
        for (purpose, channel), given in said.items()
        if held.get((purpose, channel), False) != given
    ]  # fmt: skip
    ContactPermission.objects.bulk_create(new)
    for each in new:
        action = f"permission_{'given' if each.given else 'withdrawn'}"
        record_audit(
            actor=by, action=action, on=Subject("contact_permission", person.public_id), student=person,
            purpose=each.purpose, channel=each.channel,
        )  # fmt: skip
    return len(new)


def withdraw_permissions(*, person: User, purposes: Iterable[str], by: User, where: str) -> int:
    """Withdraws every channel of each purpose, after an objection."""
    said = {(purpose, channel): False for purpose in purposes for channel in ContactChannel.values}
    return say_permissions(person=person, said=said, by=by, how=How.OBJECTION, where=where)
