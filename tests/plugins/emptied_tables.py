"""Empties the tables after a test that commits, in milliseconds; Django's `flush` takes half a second.

`flush` truncates every table, which creates new files for each of them, and then makes all content types and
permissions again. Here small tables are emptied by DELETE, only large ones by TRUNCATE, and those two are kept. All
tables are locked before, as TRUNCATE does: what a thread of the test still writes is waited for, then deleted.
"""

from __future__ import annotations

from typing import Any

from django.db import connections, transaction
from django.test import TransactionTestCase

KEPT = {"django_content_type", "auth_permission"}
SMALL = 512 * 1024
"""Bytes up to which deleting is quicker, also when most rows are already dead."""

SIZES = "SELECT relname, pg_relation_size(oid) FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r'"


def empty_tables(case: Any) -> None:
    for alias in case._databases_names(include_mirrors=False):
        connection = connections[alias]
        tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - KEPT)
        with transaction.atomic(using=alias), connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(map(quoted, tables))} IN ACCESS EXCLUSIVE MODE")
            cursor.execute(SIZES, [tables])
            sizes = dict(cursor.fetchall())
            used, large = [name for name in tables if sizes[name]], [name for name in tables if sizes[name] > SMALL]
            if large:
                cursor.execute(f"TRUNCATE {', '.join(map(quoted, large))} CASCADE")
            # Without triggers and foreign keys, which would want an order.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("; ".join(f"DELETE FROM {quoted(name)}" for name in used if name not in large) or "SELECT")  # noqa: S608 - our own tables


def quoted(name: str) -> str:
    return f'"{name}"'


TransactionTestCase._fixture_teardown = empty_tables
