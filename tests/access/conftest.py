"""One scene for all these tests, and the pages it shows: making them takes seconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from tests.access.scene import Scene, set_scene
from tests.access.shown import PageShown, pages_shown


@pytest.fixture(scope="package")
def one_scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """In a transaction around those of the tests, which is rolled back after the last of them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield set_scene()
        transaction.set_rollback(True)


@pytest.fixture
def scene(one_scene: Scene, db: None) -> Scene:
    """A test may change what the scene says without changing it for the next test."""
    own = {name: dict(getattr(one_scene, name)) for name in ("people", "about", "asks", "bodies")}
    return replace(one_scene, **own)


@pytest.fixture(scope="package")
def shown(one_scene: Scene) -> list[PageShown]:
    return list(pages_shown(one_scene))
