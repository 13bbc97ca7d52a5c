"""Stops the database's clock, the one that operations go by, without touching a line of the portal.

Functions of a schema that stands before pg_catalog on the search path are found first: on this connection, until the
test's transaction is rolled back, `clock_timestamp()` and its kin answer with the given moment.
"""

from datetime import datetime

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
