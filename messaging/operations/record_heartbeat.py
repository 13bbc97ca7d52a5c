from django.db.models.functions import Now

from messaging.models import Heartbeat, Part


def record_heartbeat(part: Part) -> None:
    """One row per part, by the database's clock, because the machines' clocks may differ."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(part=part, at=Now())],
        update_conflicts=True,
        update_fields=("at",),
        unique_fields=("part",),
    )
