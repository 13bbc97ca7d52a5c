from __future__ import annotations

from foundation.values.times import database_now
from messaging.models import AttemptOutcome, Channel, OutboxMessage
from messaging.operations.settle import settle_strike, settle_temporary, settle_uncertain

AT_A_TIME = 50
REASON = "The worker that was sending it stopped."


def recover_stuck() -> int:
    """Give back what a dead dispatcher held; how many there were.

    A text that had been handed over may have gone out: it becomes unknown and is looked up. An email that had been is
    tried again, as often as any. What stopped its worker while it was composed gets a strike. Two sweeps may meet
    here: the claim lets one of them win.
    """
    stuck = list(OutboxMessage.objects.stuck(database_now()).order_by("lease_until")[:AT_A_TIME])
    for message in stuck:
        if message.handed_over_at is None:
            settle_strike(message, REASON, AttemptOutcome.LAPSED)
        elif message.channel == Channel.SMS:
            settle_uncertain(message, REASON, AttemptOutcome.LAPSED)
        else:
            settle_temporary(message, REASON, AttemptOutcome.LAPSED)
    return len(stuck)
