from celery import shared_task

from appointments.operations import hold


@shared_task(name="appointments.cancel_passed_holds")
def cancel_passed_holds() -> None:
    """Every five minutes; run twice, it cancels once."""
    hold.cancel_passed_holds()
