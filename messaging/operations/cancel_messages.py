from collections.abc import Collection

from messaging.models import DeliveryState, OutboxMessage


def cancel_messages(*, regarding: str, reason: str, kinds: Collection[str] | None = None) -> int:
    """Cancels the messages about one thing that are still waiting. Returns how many.

    A message that a dispatcher has already claimed is not cancelled here: its kind sees the change when composing it.
    """
    if not regarding:
        raise ValueError("Say what the messages are about: an empty filter would cancel them all.")
    waiting = OutboxMessage.objects.filter(regarding=regarding, state=DeliveryState.QUEUED)
    if kinds is not None:
        waiting = waiting.filter(kind__in=kinds)
    return waiting.update(state=DeliveryState.CANCELLED, reason=reason[:300])
