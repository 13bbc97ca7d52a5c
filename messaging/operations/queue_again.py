from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.operations.record_audit import record_audit
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now
from messaging.models import Channel, DeliveryState, OutboxMessage
from messaging.operations.nudge import nudge

if TYPE_CHECKING:
    from accounts.models import User


def queue_again(message: OutboxMessage, *, by: User) -> None:
    """Queues a failed email again because a person asked for it. Refuses texts, which might arrive twice.

    Earlier copies that may have arrived do not count: the person has read the reason for the failure.
    """
    with transaction.atomic():
        held = OutboxMessage.objects.select_for_update().get(pk=message.pk)
        if held.channel != Channel.EMAIL or held.state != DeliveryState.FAILED:
            raise Refused("message_not_failed", "You can only resend an email that failed.")
        held.state, held.reason, held.try_at = DeliveryState.QUEUED, "", database_now()
        held.strikes = held.attempts = held.copies = 0
        held.save(update_fields=("state", "reason", "try_at", "strikes", "attempts", "copies"))
        record_audit(actor=by, action="message_queued_again", on=held)
        transaction.on_commit(lambda: nudge([held.public_id]), robust=True)
