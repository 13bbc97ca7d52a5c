"""Deleting many rows with one statement, without cascades."""

from typing import Any

from django.db import connection, models


def delete_rows(rows: "models.QuerySet[Any]") -> int:
    """Deletes the rows with one DELETE and returns how many there were.

    Nothing cascades and no signal is sent. The caller deletes referencing rows first; if any are left, the foreign key
    makes PostgreSQL refuse, so that no row of another person is deleted by accident.
    """
    return int(rows.order_by()._raw_delete(rows.db) or 0)  # None if the queryset is known to be empty


def settle_constraints() -> None:
    """Checks deferred constraints now, inside the transaction, instead of at commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
