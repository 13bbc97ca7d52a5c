"""What can be missed by the types that an institution offers, so that pages say nothing that cannot happen."""

from collections.abc import Iterable
from dataclasses import replace

from appointments.models import AppointmentType
from appointments.models.appointment_type import LateCancelling
from eligibility.models.misses import MissRule
from eligibility.models.strike import HowMissed


def as_it_can_happen(rule: MissRule, types: Iterable[AppointmentType]) -> MissRule:
    """The rule without arriving and cancelling too late where no type that it covers makes that a miss."""
    covered = [type for type in types if not rule.types or type.slug in rule.types]
    never = set()
    if not any(type.late_limit for type in covered):
        never.add(HowMissed.LATE)
    if not any(type.cancel_notice_minutes and type.late_cancelling == LateCancelling.MISS for type in covered):
        never.add(HowMissed.CANCELLED_LATE)
    left = rule.what - never
    return replace(rule, what=left) if left else rule
