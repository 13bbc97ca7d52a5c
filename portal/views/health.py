"""Health checks for monitoring.

`live`: the process answers. `ready`: it can do its work. `retention`: deletion is not late. `work`: beat, its worker
and the sweeper are running, which nobody would notice otherwise.
"""

import logging
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import DatabaseError, InterfaceError, ProgrammingError
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.db.pooler import POOLER_FAULTS, pooler_fault
from foundation.process.bounded_question import BoundedQuestion
from foundation.values.times import database_now
from messaging.rules.heartbeats import late_parts
from messaging.selectors import heartbeats
from retention.operations.tombstones import is_due, newest_tombstones
from retention.selectors.lateness import lateness

logger = logging.getLogger(__name__)

STORAGE_ANSWERS_WITHIN = 2.0
"""Seconds: the image's health check waits for four."""

_tombstones = BoundedQuestion(newest_tombstones)


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "live"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """PostgreSQL answers, its schema matches this version, and no restored backup still holds people who were deleted.

    Redis may be down: messages are then sent a little later. S3 may be down too: pages work without it, and `storage`
    says so. Until S3 answers, a restored backup goes unnoticed.
    """
    try:
        if fault := pooler_fault():
            return JsonResponse({"status": "unavailable", "database": POOLER_FAULTS[fault]}, status=503)
        if are_migrations_due():
            return JsonResponse({"status": "unavailable", "database": "migrations are due"}, status=503)
        newest, storage = _newest_tombstones()
        if newest and is_due(newest):
            words = "tombstones are due: manage.py retention replay"
            return JsonResponse({"status": "unavailable", "retention": words}, status=503)
    except (DatabaseError, InterfaceError):
        return JsonResponse({"status": "unavailable", "database": "no answer"}, status=503)
    return JsonResponse({"status": "ready", "database": "ok", "storage": storage})


@cache
def expected_migrations() -> frozenset[tuple[str, str]]:
    """Read from the migration files once, since they do not change while a process runs."""
    return frozenset(MigrationLoader(None).graph.nodes)


def are_migrations_due() -> bool:
    """One query."""
    applied = MigrationRecorder.Migration.objects.values_list("app", "name")
    try:
        return not expected_migrations() <= set(applied)
    except ProgrammingError:  # a database without tables
        return True


def _newest_tombstones() -> tuple[str, str]:
    """The newest file of tombstones, or an empty string; and the status of the storage."""
    try:
        return _tombstones.ask(STORAGE_ANSWERS_WITHIN), "ok"
    except Exception as failure:  # each storage raises its own errors
        logger.warning("the tombstones could not be looked at: %s", type(failure).__name__)
        return "", "no answer"


@require_safe
@never_cache
def work(request: HttpRequest) -> JsonResponse:
    """503 if a part has not been heard of for longer than the setting. `late` names the parts to restart."""
    stamps = heartbeats()
    late = late_parts(stamps, database_now(), timedelta(seconds=settings.MESSAGING_STAMP_IS_OLD))
    said = {part: at.isoformat() for part, at in stamps.items()}
    status = "stopped" if late else "working"
    return JsonResponse({"status": status, "late": sorted(late), **said}, status=503 if late else 200)


@require_safe
@never_cache
def retention(request: HttpRequest) -> JsonResponse:
    """503 if no retention run was completed within the configured hours."""
    found = lateness(database_now())
    said = {"status": "late" if found.is_late else "in time", "last": found.last.isoformat() if found.last else None}
    return JsonResponse(said, status=503 if found.is_late else 200)
