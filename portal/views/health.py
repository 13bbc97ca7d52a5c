"""For the machines that watch: `live` says that the process answers, `ready` that it can do its work, `retention` that
forgetting is not late, and `work` that beat, its worker and the sweeper work: nobody would notice otherwise."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.values.times import database_now
from messaging.rules.heartbeats import late_parts
from messaging.selectors import heartbeats
from retention.operations.tombstones import are_tombstones_due
from retention.selectors.lateness import lateness

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "live"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """PostgreSQL answers and its schema is this version's. Redis may be away: messages then go out a little later."""
    try:
        executor = MigrationExecutor(connection)
        behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except (DatabaseError, InterfaceError):
        return JsonResponse({"status": "unavailable", "database": "no answer"}, status=503)
    if behind:
        return JsonResponse({"status": "unavailable", "database": "migrations are due"}, status=503)
    try:
        came_back = are_tombstones_due()
    except Exception as failure:  # a storage has errors of its own
        logger.warning("the tombstones could not be looked at: %s", type(failure).__name__)
        return JsonResponse({"status": "unavailable", "retention": "the tombstones cannot be read"}, status=503)
    if came_back:
        words = "tombstones are due: manage.py retention replay"
        return JsonResponse({"status": "unavailable", "retention": words}, status=503)
    return JsonResponse({"status": "ready", "database": "ok"})


@require_safe
@never_cache
def work(request: HttpRequest) -> JsonResponse:
    """503 when a part has not been heard of for longer than the setting; `late` names which to start again."""
    stamps = heartbeats()
    late = late_parts(stamps, database_now(), timedelta(seconds=settings.MESSAGING_STAMP_IS_OLD))
    said = {part: at.isoformat() for part, at in stamps.items()}
    status = "stopped" if late else "working"
    return JsonResponse({"status": status, "late": sorted(late), **said}, status=503 if late else 200)


@require_safe
@never_cache
def retention(request: HttpRequest) -> JsonResponse:
    """503 when no night's forgetting was completed within the hours of the setting."""
    found = lateness(database_now())
    said = {"status": "late" if found.is_late else "in time", "last": found.last.isoformat() if found.last else None}
    return JsonResponse(said, status=503 if found.is_late else 200)
