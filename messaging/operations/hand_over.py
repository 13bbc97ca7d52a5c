from foundation.values.times import database_now
from messaging.models import DeliveryState, OutboxMessage
from messaging.operations.claim_message import lease
from messaging.rules.kinds import Composed


def hand_over(message: OutboxMessage, composed: Composed, *, address: str, provider: str, message_id: str) -> bool:
    """Records that the provider is about to be called, and with what. Returns False if the claim was lost.

    If the lease lapses later, `handed_over_at` tells a message that was certainly not sent from one that may have been.
    This keeps a text from being sent twice. The Message-ID of the first attempt is kept.
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
