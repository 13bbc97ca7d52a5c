"""Moving or cancelling inside the notice. Moving costs what cancelling and booking again costs (ELIG-2)."""

from dataclasses import replace
from datetime import date, datetime

from appointments.models import Booking, LateCancelling
from eligibility.models import HowMissed
from eligibility.operations.allocation import leave_uses_to
from eligibility.operations.strikes import place_strike
from eligibility.rules.facts import Context
from foundation.values.public_ids import new_public_id
from foundation.values.sources import Source, SourceKind


def place_late_change(*, booking: Booking, source: Source, on: date, until: datetime | None = None) -> None:
    """The miss of an appointment that was moved or cancelled too late on that day, whenever it would have been."""
    what = {"about": booking.type.name, "type": booking.type.slug, "how": HowMissed.CANCELLED_LATE}
    place_strike(student=booking.student, source=source, on=on, until=until, **what)


def leave_behind(*, booking: Booking, late: str, context: Context) -> Context:
    """What a late move leaves behind: what the old time used of the allocation stays used, and it may be a miss.

    The booking keeps its id, so these refer to an absence of their own. Returns the facts as they are then. The caller
    has locked the student.
    """
    left = Source(SourceKind.ABSENCE, new_public_id())
    leave_uses_to(source=booking.source, to=left)
    if late == LateCancelling.MISS:
        place_late_change(booking=booking, source=left, on=context.facts.today)
    uses = tuple(
        replace(use, source_id=left.id) if use.source_id == booking.public_id else use for use in context.facts.uses
    )
    return replace(context, facts=replace(context.facts, uses=uses))
