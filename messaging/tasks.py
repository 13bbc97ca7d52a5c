from __future__ import annotations

from celery import shared_task

from messaging.operations import deliver
from messaging.operations import sweep_outbox as sweep


@shared_task(name="messaging.deliver_message")
def deliver_message(message_id: str) -> None:
    """A hint that one message waits. `message_id` is its public id; run twice, it sends once."""
    deliver.deliver_message(message_id)


@shared_task(name="messaging.sweep_outbox")
def sweep_outbox() -> None:
    sweep.sweep_outbox()
