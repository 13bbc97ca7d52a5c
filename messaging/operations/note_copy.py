from django.db.models import F

from foundation.values.times import database_now
from messaging.models import DeliveryState, OutboxMessage


class ClaimLost(Exception):
    """Another dispatcher has claimed the message: stop sending it."""


def note_copy(message: OutboxMessage) -> None:
    """Counts a copy that the mail server may get, before it is sent. Raises ClaimLost.

    Commits at once, so that it is counted even if the dispatcher dies the next moment.
    """
    mine = OutboxMessage.objects.held_by(message).filter(state=DeliveryState.SENDING, lease_until__gt=database_now())
    if not mine.update(copies=F("copies") + 1):
        raise ClaimLost
