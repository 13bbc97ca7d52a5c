"""Holds, releases and cancels registrations in the same transaction that suspends an account or places a hold.

The person's row is locked by then, as for every registration, so nobody can register in between.
"""

from typing import Any

from django.dispatch import receiver

from accounts.models import User
from accounts.operations.signals import account_reinstated, account_suspended, account_terminated
from eligibility.models import Hold, HoldCovers
from eligibility.operations.signals import hold_placed
from events.operations.hold import (
    cancel_held_registrations,
    cancel_registrations_ahead,
    hold_registrations,
    release_registrations,
)


@receiver(account_suspended, dispatch_uid="events.hold")
def account_was_suspended(person: User, **_: Any) -> None:
    hold_registrations(student=person)


@receiver(account_reinstated, dispatch_uid="events.release")
def account_was_reinstated(person: User, **_: Any) -> None:
    release_registrations(student=person)


@receiver(account_terminated, dispatch_uid="events.cancel_held")
def account_was_terminated(person: User, **_: Any) -> None:
    cancel_held_registrations(student=person)


@receiver(hold_placed, dispatch_uid="events.cancel_ahead")
def hold_keeps_no_registrations(hold: Hold, **_: Any) -> None:
    if HoldCovers.EVENTS in hold.covers:
        cancel_registrations_ahead(student=hold.student)
