"""Whether the last nightly run is too long ago; also available from outside (`/health/retention`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min

from accounts.rules.policy import policy_in_force
from retention.models import PurgeRun


@dataclass(frozen=True, slots=True)
class Lateness:
    """`last` is the end of the last completed run; None if there never was one."""

    last: datetime | None
    is_late: bool
    hours: int


def _installed_at() -> datetime | None:
    applied = MigrationRecorder.Migration.objects.filter(app="retention")
    first: datetime | None = applied.aggregate(first=Min("applied"))["first"]
    return first


def lateness(now: datetime) -> Lateness:
    """At most three queries. If there never was a run, counts from the installation of this app."""
    hours = policy_in_force().retention_late_hours
    run = PurgeRun.objects.completed().order_by("-ended_at").first()
    last = run.ended_at if run else None
    since = last or _installed_at() or now
    return Lateness(last, since < now - timedelta(hours=hours), hours)
