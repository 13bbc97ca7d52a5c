from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.access.asking import Caller
from tests.access.scene import Scene
from tests.wording.fixed_scene import PREFERENCE, fixed_scene
from tests.wording.snapshot_files import OneTextFile


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """One for all tests of a module: each undoes what it does."""
    with django_db_blocker.unblock(), fixed_scene() as scene:
        yield scene


@pytest.fixture(scope="module")
def callers(scene: Scene) -> dict[str, Caller]:
    """Everybody’s browser, signed in."""
    return {person: Caller(person, scene.people.get(person)) for person in PREFERENCE}


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(OneTextFile)
