"""What happens to appointments when an account is suspended, in that very transaction (SEC-4).

The person's row is locked by then, as it is for every booking: none can slip in between.
"""

from typing import Any

from django.dispatch import receiver

from accounts.models import User
from accounts.signals import account_reinstated, account_suspended, account_terminated
from appointments.operations.hold import cancel_held_bookings, hold_bookings, release_bookings


@receiver(account_suspended, dispatch_uid="appointments.hold")
def account_was_suspended(person: User, **_: Any) -> None:
    hold_bookings(student=person)


@receiver(account_reinstated, dispatch_uid="appointments.release")
def account_was_reinstated(person: User, **_: Any) -> None:
    release_bookings(student=person)


@receiver(account_terminated, dispatch_uid="appointments.cancel_held")
def account_was_terminated(person: User, **_: Any) -> None:
    cancel_held_bookings(student=person)
