from typing import Any

from celery import shared_task
from celery.signals import after_task_publish
from django.db import connection

from messaging.models import Part
from messaging.operations import deliver
from messaging.operations import sweep_outbox as sweep
from messaging.operations.record_heartbeat import record_heartbeat


@shared_task(name="messaging.deliver_messages")
def deliver_messages(public_ids: list[str]) -> None:
    """Running it twice sends once."""
    deliver.deliver_messages(public_ids)


HEARTBEAT = "messaging.heartbeat"


@shared_task(name=HEARTBEAT)
def heartbeat() -> None:
    """Shows that beat, the broker, a worker and the database work together."""
    record_heartbeat(Part.WORKER)


@shared_task(name="messaging.sweep_outbox")
def sweep_outbox() -> None:
    sweep.sweep_outbox()


@after_task_publish.connect(sender=HEARTBEAT)
def stamp_was_published(**more: Any) -> None:
    """Runs in beat once the broker has accepted the heartbeat. Celery logs errors here, and beat goes on."""
    try:
        record_heartbeat(Part.BEAT)
    finally:
        connection.close()  # beat connects rarely, and the database may restart in between
