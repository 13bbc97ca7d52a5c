"""Whether a night has passed without its forgetting: read from outside too (`/health/retention`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min

from accounts.models import User
from accounts.policy import policy_in_force
from retention.models import PurgeRun


@dataclass(frozen=True, slots=True)
class Lateness:
    """`last` is the end of the last completed run; None where there never was one."""

    last: datetime | None
    is_late: bool
    hours: int


def lateness(now: datetime) -> Lateness:
    """Three queries at most. A new installation is late when its first nights have passed without a run."""
    hours = policy_in_force().retention_late_hours
    run = PurgeRun.objects.completed().order_by("-ended_at").first()
    last = run.ended_at if run else None
    since = last or User.objects.aggregate(first=Min("joined_at"))["first"] or now
    return Lateness(last, since < now - timedelta(hours=hours), hours)
