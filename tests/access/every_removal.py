"""Removes each permission check in turn and counts how often the matrix notices.

Takes minutes; run by `bench.permissions`.
"""

from __future__ import annotations

import os
import sys
import time

import pytest

from tests.access.asking import Caller
from tests.access.matrix import people
from tests.access.removal import checks, noticed
from tests.access.scene import set_scene


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


@pytest.mark.django_db
def test_every_removed_check_is_noticed() -> None:
    """CHECKS selects checks by a part of their names. SHOW prints what was noticed for each."""
    scene = set_scene()
    visitors = [Caller(name, scene.people.get(name)) for name in people()]
    found = [check for check in checks() if os.environ.get("CHECKS", "") in check.name]
    missed, began = [], time.monotonic()
    for check in found:
        problem = noticed(check, scene, visitors)
        missed += [] if problem else [check.name]
        if os.environ.get("SHOW"):
            say(f"{check.name}: {problem[:150] or 'NOT NOTICED'}")
    seconds = time.monotonic() - began
    say(f"\npermissions: {len(found) - len(missed)} of {len(found)} removed checks are noticed, {seconds:.0f} s")
    assert not missed, "nobody notices when these are gone:\n" + "\n".join(missed)
