from __future__ import annotations

from foundation.values.times import database_now
from messaging.models import DeliveryState, OutboxMessage
from messaging.operations.claim_message import lease
from messaging.rules.kinds import Composed


def hand_over(message: OutboxMessage, composed: Composed, *, address: str, provider: str, message_id: str) -> bool:
    """Write down that the provider is about to be called, with what; False when the claim has been lost.

    The mark tells a lease that lapsed before (certainly not sent) from one that lapsed after (perhaps
    sent), which is what keeps a text message from going out twice. The Message-ID of a first try is kept.
    """
    now = database_now()
    changes = {
        "handed_over_at": now,
        "lease_until": now + lease(),
        "to_address": address,
        "provider": provider,
        "message_id": message.message_id or message_id,
        "subject": composed.subject[:300],
        "body_text": composed.text,
        "body_html": composed.html,
        "attachments": [dict(attachment) for attachment in composed.attachments],
    }
    mine = OutboxMessage.objects.held_by(message).filter(state=DeliveryState.SENDING, lease_until__gt=now)
    if not mine.update(**changes):
        return False
    for field, value in changes.items():
        setattr(message, field, value)
    return True
