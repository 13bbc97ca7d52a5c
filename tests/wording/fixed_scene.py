"""The people and objects of tests/access on a fixed day, so that pages look the same whenever the tests run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import factory
import time_machine
from django.db import transaction
from django.db.migrations.recorder import MigrationRecorder

from accounts.models import FeedRun
from retention.models import PurgeRun
from tests import factories
from tests.access.scene import Scene, set_scene
from tests.clock import stop_database_clock

MOMENT = datetime(2026, 11, 10, 10, 0, tzinfo=UTC)
"""A Tuesday in a teaching term, in winter time."""


@contextmanager
def fixed_scene() -> Iterator[Scene]:
    """Rolled back at the end."""
    with time_machine.travel(MOMENT, tick=False), transaction.atomic():
        stop_database_clock(MOMENT)
        for each in vars(factories).values():
            if isinstance(each, type) and issubclass(each, factory.Factory) and each._meta.model:
                each.reset_sequence(0, force=True)
        scene = set_scene()
        PurgeRun.objects.update(started_at=MOMENT)  # the default is the database's own now()
        FeedRun.objects.update(started_at=MOMENT)
        MigrationRecorder.Migration.objects.update(applied=MOMENT)  # from then on a nightly run can be late
        yield scene
        transaction.set_rollback(True)


PREFERENCE = (
    "student", "adviser", "careers_manager", "front_desk", "information_governance", "wellbeing_lead",
    "alumni_relations", "administrator", "editor", "graduate", "other_student", "other_adviser", "anonymous",
)  # fmt: skip
"""If several people may open a page, the first of these does."""
