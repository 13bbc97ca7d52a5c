from foundation.values.times import database_now
from messaging.models import AttemptOutcome, Channel, OutboxMessage
from messaging.operations.settle import settle_strike, settle_temporary, settle_uncertain

AT_A_TIME = 50
REASON = "The worker that was sending it stopped."


def recover_stuck() -> int:
    """Recovers messages claimed by dead dispatchers. Returns how many.

    A text that had been handed over may have been sent: it becomes unknown and is looked up. An email is retried. A
    message that was still being composed gets a strike. If two sweeps run at once, the claim lets only one of them
    settle each message.
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
