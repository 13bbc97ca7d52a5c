from __future__ import annotations

from django.db.models import F

from foundation.values.times import database_now
from messaging.models import DeliveryState, OutboxMessage


class ClaimLost(Exception):
    """Another dispatcher has the message: nothing more of it may leave here."""


def note_copy(message: OutboxMessage) -> None:
    """Count, before it leaves, a copy that the mail server may come to have. Raises ClaimLost.

    Committed on its own, so that a dispatcher that dies in the next moment has counted it.
    """
    mine = OutboxMessage.objects.held_by(message).filter(state=DeliveryState.SENDING, lease_until__gt=database_now())
    if not mine.update(copies=F("copies") + 1):
        raise ClaimLost
