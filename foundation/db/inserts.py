"""INSERT statements built once per model. Django builds one for every row, which took longer than running it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.expressions import DatabaseDefault
from django.db.models.signals import post_save, pre_save

SAVE_SIGNALS = (pre_save, post_save)
Column = tuple[Any, str]
"""A model field and its placeholder in the statement: `%s`, with a cast for ranges and arrays."""


@cache
def _columns(model: type[Model]) -> tuple[list[Column], str]:
    """Raises TypeError for a model whose `save` does more than an INSERT."""
    if model.save is not Model.save or model._meta.parents or any(each.has_listeners(model) for each in SAVE_SIGNALS):
        raise TypeError(f"{model.__name__} is saved with more than its row: use the ORM.")
    fields = [field for field in model._meta.concrete_fields if not field.primary_key and not field.generated]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    insert = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({names}) VALUES "  # noqa: S608 - names of our own
    return [(field, _place(field)) for field in fields], insert


def _place(field: Any) -> str:
    return str(field.get_placeholder(None, None, connection)) if hasattr(field, "get_placeholder") else "%s"


def insert_rows(rows: Sequence[Model], *, ignore_conflicts: bool = False) -> None:
    """Inserts rows of one model with one statement, in the caller's transaction, and sets the primary key and other
    values that the database generates on each row.

    `ignore_conflicts` skips rows that violate a constraint; no generated values are set then. Raises TypeError for a
    model with its own `save`, a parent model or receivers of save signals, because none of them would run.
    """
    if not rows:
        return
    model = type(rows[0])
    columns, insert = _columns(model)
    returned = model._meta.db_returning_fields
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
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in returned)
    end = " ON CONFLICT DO NOTHING" if ignore_conflicts else f" RETURNING {names}"
    with connection.cursor() as cursor:
        cursor.execute(insert + ", ".join(tuples) + end, values)
        made = [] if ignore_conflicts else cursor.fetchall()
    for row, found in zip(rows, made, strict=False):
        for field, value in zip(returned, found, strict=True):
            setattr(row, field.attname, value)
        row._state.adding, row._state.db = False, connection.alias
