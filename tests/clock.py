"""Stops the database's clock, which operations use, without changing any code of the portal.

Functions in a schema before pg_catalog on the search path are found first. So on this connection, until the test's
transaction is rolled back, `clock_timestamp()` and similar functions return the given moment.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import time_machine
from django.db import connection

NAMES = ("clock_timestamp", "statement_timestamp", "now")


def stop_database_clock(moment: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS stopped")
        for name in NAMES:
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION stopped.{name}() RETURNS timestamptz LANGUAGE sql STABLE AS "
                f"$$ SELECT '{moment.isoformat()}'::timestamptz $$"
            )
        cursor.execute("SET LOCAL search_path = stopped, pg_catalog, public")


END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@contextmanager
def days_later(days: int) -> Iterator[None]:
    """For journeys, whose server has its own connections: moves the clocks of Python and the database `days` ahead.

    Connections learn of this when they open, so those that a browser keeps alive are ended; the server opens new ones
    with its next request (CONN_HEALTH_CHECKS).
    """
    name_of_database = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA moved")
        for name in NAMES:
            cursor.execute(
                f"CREATE FUNCTION moved.{name}() RETURNS timestamptz LANGUAGE sql STABLE AS "
                f"$$ SELECT pg_catalog.{name}() + interval '{days} days' $$"
            )
        cursor.execute(f'ALTER DATABASE "{name_of_database}" SET search_path = moved, pg_catalog, public')
        cursor.execute(END_OTHERS)
    connection.close()
    try:
        with time_machine.travel(datetime.now(UTC) + timedelta(days=days)):
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name_of_database}" RESET search_path')
            cursor.execute("DROP SCHEMA moved CASCADE")
            cursor.execute(END_OTHERS)
        connection.close()
