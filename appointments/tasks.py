from celery import shared_task

from appointments.operations import hold
from appointments.operations.tell_who_must_move import tell_those_not_told


@shared_task(name="appointments.cancel_passed_holds")
def cancel_passed_holds() -> None:
    """Runs every five minutes. A second run finds nothing left to cancel."""
    hold.cancel_passed_holds()


@shared_task(name="appointments.tell_who_must_move")
def tell_students_who_must_move() -> None:
    """Runs every five minutes, for changes that no operation told of. A second run finds nobody left to tell."""
    tell_those_not_told()
