"""Tells students whose appointment can no longer take place, and those whose appointment can after all.

Every operation that can make an appointment impossible calls it in its own transaction; a task finds what they missed.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.operations.record_audit import record_audit
from accounts.rules.policy import Policy, policy_in_force
from appointments.models import Booking
from appointments.operations.queue_notices import queue_booking_notices
from appointments.selectors.rearrange import bookings_to_tell_of
from foundation.outcomes.refusals import in_one_transaction
from foundation.values.times import database_now, local_day

Result = TypeVar("Result")


@in_one_transaction
def tell_who_must_move(*, adviser: User | None = None, by: User | None = None) -> list[Booking]:
    """Tells each student once, withdraws their reminders, and queues these again when the appointment can take place
    after all. Returns the bookings that can no longer take place, with `.hindrance`.

    Locks the adviser, or else every adviser, and then the bookings: whoever books at the same time either is found
    here, or reads the change and is refused.
    """
    lock_people(*([adviser] if adviser else _everybody()))
    now, policy = database_now(), policy_in_force()
    found = bookings_to_tell_of(now)
    if adviser:
        found = found.filter(adviser=adviser)
    changed = list(found.with_people().select_for_update(no_key=True, of=("self",)).order_by("during", "pk"))
    for booking in changed:
        _tell(booking, by, policy, now)
    return [booking for booking in changed if booking.hindrance]


def tell_those_not_told() -> int:
    """Tells students whom no operation told. Returns how many must move; locks nobody if there is nobody to tell."""
    return len(tell_who_must_move()) if bookings_to_tell_of(database_now()).exists() else 0


def _everybody() -> list[User]:
    ahead = Booking.objects.occupying().filter(local_date__gte=local_day(database_now()))
    owners = User.objects.advisers().values("pk").union(ahead.order_by().values("adviser"))
    return list(User.objects.filter(pk__in=owners).only("pk"))


def _tell(booking: Booking, by: User | None, policy: Policy, now: datetime) -> None:
    """Raises the sequence, so that messages queued for the previous state are withdrawn."""
    event = "must_move" if booking.hindrance else "goes_ahead"
    booking.move_asked_at = now if booking.hindrance else None
    booking.sequence += 1
    booking.save(update_fields=["move_asked_at", "sequence"])
    record_audit(actor=by, action=event, on=booking, student=booking.student)
    queue_booking_notices(event, booking, policy, now)


class _TakenBack(Exception):
    pass


def tried(change: Callable[[], Result]) -> Result:
    """Runs a change, takes it back and returns its result: what it would do, before somebody confirms it.

    Raises what the change raises, so that a refusal is shown first.
    """
    results: list[Result] = []
    try:
        with transaction.atomic():
            results.append(change())
            raise _TakenBack
    except _TakenBack:
        return results[0]
