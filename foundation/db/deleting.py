"""Deleting many rows at once, for good, and nothing with them."""

from typing import Any

from django.db import connection, models


def delete_rows(rows: "models.QuerySet[Any]") -> int:
    """One DELETE; how many rows. Nothing cascades and no signal is sent: who calls it deletes what points at them
    first, and where something is left the database refuses, so that nobody else's row goes along by accident."""
    return int(rows.order_by()._raw_delete(rows.db) or 0)  # None where the query is known to be empty


def settle_constraints() -> None:
    """Has the database look at its deferred constraints now, inside the transaction, rather than at its end."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
