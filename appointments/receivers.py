"""Changes bookings in the same transaction that suspends an account or places a hold that keeps no bookings.

The person's row is locked by then, as for every booking, so nobody can book in between.
"""

from typing import Any

from django.dispatch import receiver

from accounts.models import User
from accounts.operations.signals import account_reinstated, account_suspended, account_terminated
from appointments.operations.hold import cancel_bookings_ahead, cancel_held_bookings, hold_bookings, release_bookings
from eligibility.models import Hold
from eligibility.operations.signals import hold_placed


@receiver(account_suspended, dispatch_uid="appointments.hold")
def account_was_suspended(person: User, **_: Any) -> None:
    hold_bookings(student=person)


@receiver(account_reinstated, dispatch_uid="appointments.release")
def account_was_reinstated(person: User, **_: Any) -> None:
    release_bookings(student=person)


@receiver(account_terminated, dispatch_uid="appointments.cancel_held")
def account_was_terminated(person: User, **_: Any) -> None:
    cancel_held_bookings(student=person)


@receiver(hold_placed, dispatch_uid="appointments.cancel_ahead")
def hold_keeps_no_bookings(hold: Hold, by: User, **_: Any) -> None:
    """ELIG-3: cancels bookings ahead, because the manager chose not to keep them.

    Keeps types that stay open on hold.
    """
    cancel_bookings_ahead(student=hold.student, by=by)
