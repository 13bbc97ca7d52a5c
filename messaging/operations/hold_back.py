"""Messages about a change that can still be undone wait until it cannot, and are withdrawn if it is."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Value
from django.db.models.functions import Concat

from foundation.outcomes.refusals import Refused
from messaging.models import DeliveryState, OutboxMessage
from messaging.notices.notice import Notice
from messaging.operations.queue_message import queue_messages


def hold_back(notices: Sequence[Notice], now: datetime, until: datetime) -> list[str]:
    """Queues messages that are sent at `until` or later. Returns their public ids, for `withdraw_messages`."""
    held = [replace(notice, not_before=max(until, notice.not_before or now)) for notice in notices]
    return [message.public_id for message in queue_messages(held, now)]


def withdraw_messages(public_ids: Collection[str], reason: str) -> None:
    """Cancels all of these messages or, if one of them is on its way, none: `undo_too_late`.

    Their keys are free again: the same may happen once more, and must then be told.
    """
    waiting = OutboxMessage.objects.filter(public_id__in=public_ids, state=DeliveryState.QUEUED)
    key = Concat("dedupe_key", Value(":undone:"), "public_id")
    if waiting.update(state=DeliveryState.CANCELLED, reason=reason[:300], dedupe_key=key) != len(public_ids):
        raise Refused("undo_too_late", "The message about it has been sent already.", "You can’t undo this any more.")


def waiting_about(regarding: str) -> list[str]:
    """Public ids of the messages about one thing that are waiting, for `requeue_messages`."""
    waiting = OutboxMessage.objects.filter(regarding=regarding, state=DeliveryState.QUEUED)
    return list(waiting.order_by("pk").values_list("public_id", flat=True))


def requeue_messages(public_ids: Collection[str]) -> None:
    """Queues messages again that the undone change had cancelled. They are due when they were before."""
    cancelled = OutboxMessage.objects.filter(public_id__in=public_ids, state=DeliveryState.CANCELLED)
    cancelled.update(state=DeliveryState.QUEUED, reason="")
