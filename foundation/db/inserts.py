"""INSERT, put together once for each model: Django does so for every row, which cost a booking more than running it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.expressions import DatabaseDefault

Column = tuple[Any, str]
"""A field of the model, and how its value stands in the statement: `%s`, or for ranges and arrays with their type."""


@cache
def _columns(model: type[Model]) -> tuple[list[Column], str]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key and not field.generated]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    insert = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({names}) VALUES "  # noqa: S608 - names of ours
    return [(field, _place(field)) for field in fields], insert


def _place(field: Any) -> str:
    return str(field.get_placeholder(None, None, connection)) if hasattr(field, "get_placeholder") else "%s"


def insert_rows(rows: Sequence[Model], *, ignore_conflicts: bool = False) -> None:
    """One statement for rows of one model, in the caller's transaction; each gets its primary key.

    `ignore_conflicts` leaves out what a constraint refuses, and then says no primary keys. No `save` of the model and
    no signal of Django's is called.
    """
    if not rows:
        return
    columns, insert = _columns(type(rows[0]))
    tuples, values = [], []
    for row in rows:
        places = []
        for field, place in columns:
            value = field.pre_save(row, True)
            if isinstance(value, DatabaseDefault):
                places.append("DEFAULT")
            else:
                places.append(place)
                values.append(field.get_db_prep_save(value, connection))
        tuples.append(f"({', '.join(places)})")
    end = " ON CONFLICT DO NOTHING" if ignore_conflicts else " RETURNING id"
    with connection.cursor() as cursor:
        cursor.execute(insert + ", ".join(tuples) + end, values)
        made = [] if ignore_conflicts else cursor.fetchall()
    for row, (pk,) in zip(rows, made, strict=False):
        row.pk, row._state.adding, row._state.db = pk, False, connection.alias
