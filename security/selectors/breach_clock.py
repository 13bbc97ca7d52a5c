from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from foundation.values.counted import counted
from security.models import DataBreach

SOON = timedelta(hours=24)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class BreachClock:
    """The part of the 72 elapsed hours left at the given time; negative if overdue."""

    due_at: datetime
    left: timedelta

    @property
    def is_overdue(self) -> bool:
        return self.left < timedelta()

    @property
    def tone(self) -> str:
        return "error" if self.left < SOON else "warning"

    @property
    def words(self) -> str:
        """`61 hours left`, `40 minutes left`, `overdue by 5 hours`; rounded down."""
        span = abs(self.left)
        hours, minutes = span // HOUR, span % HOUR // timedelta(minutes=1)
        amount = counted(hours, "hour") if hours else counted(minutes, "minute")
        return f"overdue by {amount}" if self.is_overdue else f"{amount} left"


def breach_clock(breach: DataBreach | None, now: datetime) -> BreachClock | None:
    """None if no time limit applies: the case is not a breach, or the breach has been decided."""
    if breach is None or breach.decision:
        return None
    return BreachClock(breach.due_at, breach.due_at - now.astimezone(UTC))
