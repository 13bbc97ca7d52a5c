"""Changes bookings in the same transaction that suspends an account, places a hold that keeps no bookings, or changes
what appointments depend on.

The person's row is locked by then, as for every booking, so nobody can book in between.
"""

from typing import Any

from django.dispatch import receiver

from accounts.models import User
from accounts.operations.signals import (
    account_reinstated,
    account_suspended,
    account_terminated,
    configuration_changed,
)
from appointments.models import AppointmentType
from appointments.operations.hold import cancel_bookings_ahead, cancel_held_bookings, hold_bookings, release_bookings
from appointments.operations.tell_who_must_move import tell_who_must_move
from appointments.rules.taking_place import hindrance_words
from eligibility.models import AcademicPeriod, Hold, HoldCovers
from eligibility.operations.signals import hold_placed
from foundation.outcomes.consequences import Consequence
from places.models import Location


@receiver(account_suspended, dispatch_uid="appointments.hold")
def account_was_suspended(person: User, **_: Any) -> None:
    hold_bookings(student=person)
    tell_who_must_move(adviser=person)


@receiver(account_reinstated, dispatch_uid="appointments.release")
def account_was_reinstated(person: User, **_: Any) -> None:
    release_bookings(student=person)
    tell_who_must_move(adviser=person)


@receiver(account_terminated, dispatch_uid="appointments.cancel_held")
def account_was_terminated(person: User, **_: Any) -> None:
    cancel_held_bookings(student=person)


@receiver(hold_placed, dispatch_uid="appointments.cancel_ahead")
def hold_keeps_no_bookings(hold: Hold, by: User, **_: Any) -> None:
    """ELIG-3: cancels bookings ahead, because the manager chose not to keep them.

    Keeps types that stay open on hold.
    """
    if HoldCovers.APPOINTMENTS in hold.covers:
        cancel_bookings_ahead(student=hold.student, by=by)


@receiver(configuration_changed, dispatch_uid="appointments.must_move")
def configuration_was_changed(object: Any, by: User, **_: Any) -> list[Consequence]:
    """Closures, places and types affect all advisers. Administrators are told what and when, but not who (APPT-4)."""
    if isinstance(object, User):
        hit = tell_who_must_move(adviser=object, by=by)
    elif isinstance(object, AcademicPeriod | Location | AppointmentType):
        hit = tell_who_must_move(by=by)
    else:
        return []
    return [
        Consequence(
            each.public_id,
            f"{each.when}: {each.type.name} with {each.adviser.name}, {each.location.name}. "
            + hindrance_words(each.hindrance, each.adviser.name, each.location.name),
        )
        for each in hit
    ]
