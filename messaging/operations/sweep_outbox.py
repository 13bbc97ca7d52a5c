from __future__ import annotations

from foundation.process.deadlines import SWEEP
from messaging.operations.deliver import deliver_due
from messaging.operations.look_up_unknown import look_up_unknown
from messaging.operations.recover_stuck import recover_stuck


def sweep_outbox(*, seconds: float = SWEEP) -> int:
    """Find what every nudge has lost: lapsed leases, unknown texts and everything due. How many it touched.

    `seconds` is for the look-ups and again for the deliveries, so that a provider that hangs holds up no other.
    """
    return recover_stuck() + look_up_unknown(seconds=seconds) + deliver_due(seconds=seconds)
