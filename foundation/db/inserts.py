"""INSERT, put together once for each model: Django does so for every row, which cost a booking more than running it."""

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
"""A field of the model, and how its value stands in the statement: `%s`, or for ranges and arrays with their type."""


@cache
def _columns(model: type[Model]) -> tuple[list[Column], str]:
    """Raises TypeError for a model that Django does more for than an INSERT."""
    if model.save is not Model.save or model._meta.parents or any(each.has_listeners(model) for each in SAVE_SIGNALS):
        raise TypeError(f"{model.__name__} is saved with more than its row: use the ORM.")
    fields = [field for field in model._meta.concrete_fields if not field.primary_key and not field.generated]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    insert = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({names}) VALUES "  # noqa: S608 - names of ours
    return [(field, _place(field)) for field in fields], insert


def _place(field: Any) -> str:
    return str(field.get_placeholder(None, None, connection)) if hasattr(field, "get_placeholder") else "%s"


def insert_rows(rows: Sequence[Model], *, ignore_conflicts: bool = False) -> None:
    """One statement for rows of one model, in the caller's transaction; each gets its primary key, and what else the
    database fills in.

    `ignore_conflicts` leaves out what a constraint refuses, and then says none of these. Raises TypeError for a model
    with a `save` of its own, a parent or receivers of Django's signals: none of them would be called.
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
