from __future__ import annotations

from collections.abc import Collection

from messaging.models import DeliveryState, OutboxMessage


def cancel_messages(*, regarding: str, reason: str, kinds: Collection[str] | None = None) -> int:
    """Cancel what is still waiting to be sent about one thing; how many there were.

    One that a dispatcher holds at this moment is not stopped here: its kind sees the change when it composes.
    """
    if not regarding:
        raise ValueError("Say what the messages are about: an empty filter would cancel them all.")
    waiting = OutboxMessage.objects.filter(regarding=regarding, state=DeliveryState.QUEUED)
    if kinds is not None:
        waiting = waiting.filter(kind__in=kinds)
    return waiting.update(state=DeliveryState.CANCELLED, reason=reason[:300])
