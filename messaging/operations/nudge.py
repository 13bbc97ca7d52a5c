"""Tells a worker that messages wait (see `foundation.process.task_nudge`)."""

from collections.abc import Iterable

from django.conf import settings

from foundation.process.task_nudge import TaskNudge

_nudger = TaskNudge("messaging.deliver_messages")


def nudge(public_ids: Iterable[str]) -> None:
    """Returns at once and never raises, even if Redis is down."""
    if not settings.MESSAGING_NUDGE:
        return
    for public_id in public_ids:
        _nudger.nudge(public_id)
