import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from foundation.values.times import database_now
from messaging.models import DeliveryState, OutboxMessage


def lease() -> timedelta:
    """Longer than a dispatcher can take for one message (see `foundation.deadlines`)."""
    return timedelta(seconds=settings.MESSAGING_LEASE_SECONDS)


def claim_message(public_id: str = "") -> OutboxMessage | None:
    """Claims one due message, the given one or the longest waiting, and commits before anything is sent.

    Skips rows that another dispatcher is claiming. Claims one at a time, so that a dispatcher that dies gives a strike
    only to the message it was working on.
    """
    with transaction.atomic(durable=True):
        now = database_now()
        due = OutboxMessage.objects.due(now)
        if public_id:
            due = due.filter(public_id=public_id)
        message = due.order_by("try_at", "id").select_for_update(skip_locked=True).first()
        if message is not None:
            message.state = DeliveryState.SENDING
            message.claim, message.lease_until = uuid.uuid4(), now + lease()
            message.handed_over_at = None
            message.attempts += 1
            message.save(update_fields=("state", "claim", "lease_until", "handed_over_at", "attempts"))
    return message
