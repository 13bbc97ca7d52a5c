"""Fixtures for all tests. Start the tests with `make test`, which provides PostgreSQL, Valkey and Chromium."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import client as test_client
from hypothesis import HealthCheck, settings

from foundation.web.utf8_request import Utf8Request
from tests.cast import Cast, assemble
from tools.valkey import Valkey

pytest_plugins = [
    "tests.plugins.emptied_tables",
    "tests.plugins.policy",
    "tests.plugins.strict_templates",
    "tests.plugins.template_database",
    "tests.plugins.unordered_rows",
    "tests.plugins.wording",
]

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

PGBOUNCER = shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")

CLAMD = shutil.which("clamd") or shutil.which("/usr/sbin/clamd")

QUIET_CHROMIUM = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


settings.register_profile(
    "real_parts",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
settings.load_profile("real_parts")
"""A busy machine is no fault, and examples share the rows of their test."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    no_chromium = pytest.mark.skip(reason="browser tests need Chromium, which is not installed")
    no_clamd = pytest.mark.skip(reason="tests of the virus scanner need clamd, which is not installed")
    no_pooler = pytest.mark.skip(reason="tests behind a connection pooler need PgBouncer, which is not installed")
    for item in items:
        if not PGBOUNCER and item.get_closest_marker("pooler"):
            item.add_marker(no_pooler)
        if not CHROMIUM and item.get_closest_marker("browser"):
            item.add_marker(no_chromium)
        if not CLAMD and item.get_closest_marker("clamd"):
            item.add_marker(no_clamd)


def pytest_collection_finish() -> None:
    """What was imported and collected stays: the garbage collector need not look through it for every test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


test_client.WSGIRequest = Utf8Request  # the class that wsgi.py sets; the test client uses Django's


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium, without a sandbox for root, which cannot use it.

    It needs the real clock: with another it hangs.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs an event loop in this thread
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    real_clock = {name: value for name, value in os.environ.items() if name not in ("LD_PRELOAD", "FAKETIME")}
    own = {"executable_path": CHROMIUM, "args": [*sandbox, *QUIET_CHROMIUM], "env": real_clock}
    return {**browser_type_launch_args, **own}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Lets TRUNCATE clear the audit trail after tests that commit; elsewhere triggers refuse it.

    `tests/accounts/test_audit_trail.py` enables the triggers again to see them refuse.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("accounts_auditentry", "accounts_auditseal"):
            trigger = "trail_refuses_emptying" if table == "accounts_auditentry" else "seals_refuse_emptying"
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[Valkey]:
    """A Valkey for this test only, which may stop it, hang it (SIGSTOP `own_valkey.child.process`) or flush it."""
    valkey = Valkey(tmp_path / "valkey", log=tmp_path / "valkey.log", throw_away=True)
    valkey.start()
    yield valkey
    valkey.stop()


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()
