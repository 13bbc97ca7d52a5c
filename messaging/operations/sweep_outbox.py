from __future__ import annotations

from messaging.operations.deliver import deliver_due
from messaging.operations.look_up_unknown import look_up_unknown
from messaging.operations.recover_stuck import recover_stuck


def sweep_outbox(*, seconds: float = 8.0) -> int:
    """Find what every nudge has lost: lapsed leases, unknown texts and everything due. How many it touched."""
    return recover_stuck() + look_up_unknown() + deliver_due(seconds=seconds)
