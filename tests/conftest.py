"""What every test may use. Start the tests with `make test`: it brings PostgreSQL, Valkey and Chromium along."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import client as test_client

from foundation.web.utf8_request import Utf8Request
from tests.cast import Cast, assemble
from tools.valkey import Valkey

pytest_plugins = [
    "tests.plugins.policy",
    "tests.plugins.strict_templates",
    "tests.plugins.unordered_rows",
    "tests.plugins.wording",
]

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    no_chromium = pytest.mark.skip(reason="browser tests need Chromium, which is not installed")
    no_clamd = pytest.mark.skip(reason="tests of the virus scanner need clamd, which is not installed")
    for item in items:
        if not CHROMIUM and item.get_closest_marker("browser"):
            item.add_marker(no_chromium)
        if not CLAMD and item.get_closest_marker("clamd"):
            item.add_marker(no_clamd)


test_client.WSGIRequest = Utf8Request  # the portal's own, as wsgi.py has it: the test client builds Django's


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium; its sandbox cannot be had by root. It keeps the real clock: it hangs under another."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright keeps an event loop in this thread
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    real_clock = {name: value for name, value in os.environ.items() if name not in ("LD_PRELOAD", "FAKETIME")}
    own = {"executable_path": CHROMIUM, "args": [*sandbox, *QUIET_CHROMIUM], "env": real_clock}
    return {**browser_type_launch_args, **own}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests that commit are cleared up after by TRUNCATE, which the audit trail refuses, but here.

    `tests/accounts/test_audit_trail.py` arms the triggers again and sees them refuse.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("accounts_auditentry", "accounts_auditseal"):
            trigger = "trail_refuses_emptying" if table == "accounts_auditentry" else "seals_refuse_emptying"
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[Valkey]:
    """A Valkey that this test alone uses and may stop, hang (SIGSTOP `own_valkey.child.process`) or flush."""
    valkey = Valkey(tmp_path / "valkey", log=tmp_path / "valkey.log", throw_away=True)
    valkey.start()
    yield valkey
    valkey.stop()


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()
