"""Tell a worker, soon, that a file waits to be checked: see `foundation.process.task_nudge`."""

from __future__ import annotations

from django.conf import settings

from foundation.process.task_nudge import TaskNudge

_nudger = TaskNudge("documents.check_version")


def nudge(version_id: int) -> None:
    """Returns at once and never raises, whatever state Redis is in."""
    if settings.DOCUMENTS_NUDGE:
        _nudger.nudge(str(version_id))
