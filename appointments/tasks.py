from celery import shared_task

from appointments.operations import hold


@shared_task(name="appointments.cancel_passed_holds")
def cancel_passed_holds() -> None:
    """Runs every five minutes. A second run finds nothing left to cancel."""
    hold.cancel_passed_holds()
