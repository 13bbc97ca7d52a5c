from foundation.process.deadlines import SWEEP
from messaging.operations.deliver import deliver_due
from messaging.operations.look_up_unknown import look_up_unknown
from messaging.operations.recover_stuck import recover_stuck


def sweep_outbox(*, seconds: float = SWEEP) -> int:
    """Processes what no nudge reached: lapsed leases, unknown texts and everything due. Returns how many.

    Look-ups and deliveries each get `seconds`, so that a hanging provider does not delay the rest.
    """
    return recover_stuck() + look_up_unknown(seconds=seconds) + deliver_due(seconds=seconds)
