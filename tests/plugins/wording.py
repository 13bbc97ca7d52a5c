"""Compares wording with snapshots; one command renews them all (see docs/wording.md)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.wording.snapshot_files import RENEW, OneModule


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Stores every snapshot below tests/wording."""
    return snapshot.use_extension(OneModule)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test that compares wording, for `-m wording`."""
    for item in items:
        if "snapshot" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.wording)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
    """Adds how to renew snapshots to the difference that syrupy shows."""
    outcome = yield
    report = outcome.get_result()
    if report.failed and item.get_closest_marker("wording"):
        report.sections.append(("If these words are meant", f"{RENEW} renews the snapshots; read their difference."))
