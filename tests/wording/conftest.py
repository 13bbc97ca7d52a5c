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
    """One scene for all tests of a module, each of which rolls back its changes."""
    with django_db_blocker.unblock(), fixed_scene() as scene:
        yield scene


@pytest.fixture(scope="module")
def callers(scene: Scene) -> dict[str, Caller]:
    """A signed-in browser for everybody."""
    return {person: Caller(person, scene.people.get(person)) for person in PREFERENCE}


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(OneTextFile)
