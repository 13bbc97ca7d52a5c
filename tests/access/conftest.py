"""One scene for all these tests, and the pages it shows: making them takes seconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from messaging.models import Part
from messaging.operations.record_heartbeat import record_heartbeat
from tests.access.scene import Scene, set_scene
from tests.access.shown import PageShown, pages_shown


def stored_files() -> set[Path]:
    roots = (Path(settings.DOCUMENTS_ROOT), Path(settings.RETENTION_ROOT))
    return {path for root in roots for path in root.rglob("*") if path.is_file()}


@pytest.fixture(scope="package")
def scene_with_files(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Scene, dict[Path, bytes]]]:
    """In a transaction around those of the tests, which is rolled back after the last of them."""
    with django_db_blocker.unblock(), transaction.atomic():
        before = stored_files()
        scene = set_scene()
        yield scene, {path: path.read_bytes() for path in stored_files() - before}
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def shown(scene_with_files: tuple[Scene, dict[Path, bytes]]) -> list[PageShown]:
    return list(pages_shown(scene_with_files[0]))


@pytest.fixture
def scene(scene_with_files: tuple[Scene, dict[Path, bytes]], db: None) -> Scene:
    """A test may change what the scene says and delete its files without changing them for the next test.

    Workers answered just now, however long ago the scene was set.
    """
    one, files = scene_with_files
    for part in Part:
        record_heartbeat(part)
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    own = {name: dict(getattr(one, name)) for name in ("people", "about", "asks", "bodies")}
    return replace(one, **own)
