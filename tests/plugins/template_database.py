"""Migrates once for all processes of a run; each copies the migrated database.

Migrating takes most of a process's start, copying very little. The first process migrates, the others wait. Only `make
test` with its own PostgreSQL asks for this: a template in somebody's own would be out of date at the next run.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = "migrated"
LOCK = 1913
"""Any number that no other code locks in the database `postgres`."""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker) -> None:
    if os.environ.get("CAREERCONNECT_TEST_TEMPLATE") != "on":
        return
    with django_db_blocker.unblock():
        ensure_template()
    connection.settings_dict["TEST"]["TEMPLATE"] = TEMPLATE


def ensure_template() -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # the wait for the first process may exceed the portal's limits
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # until this connection closes
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE])
        if cursor.fetchone():
            return
        cursor.execute(f"CREATE DATABASE {TEMPLATE}_new")
        migrate(f"{TEMPLATE}_new")
        cursor.execute(f"ALTER DATABASE {TEMPLATE}_new RENAME TO {TEMPLATE}")


def migrate(database: str) -> None:
    """In a process of its own: this one is about to connect to another database."""
    url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, check=True)
