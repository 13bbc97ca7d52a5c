"""Tells a worker that a file is waiting to be checked (see `foundation.process.task_nudge`)."""

from django.conf import settings

from foundation.process.task_nudge import TaskNudge

_nudger = TaskNudge("documents.check_versions")


def nudge(version_id: int) -> None:
    """Returns at once and never raises, even if Redis is down."""
    if settings.DOCUMENTS_NUDGE:
        _nudger.nudge(str(version_id))
