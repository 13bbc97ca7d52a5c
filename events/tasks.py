from celery import shared_task

from events.operations import waiting


@shared_task(name="events.sweep_waiting_lists")
def sweep_waiting_lists() -> None:
    """Runs every minute: ends offers that have run out and makes new ones. A second run finds nothing to do."""
    waiting.sweep_waiting_lists()
