"""Columns that upper layers add to a statement of a lower one, so that both are answered by one query."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject

STUDENT = RawSQL("student.pk", ())
"""The student whom the statement is about, in conditions of an extra column."""


@dataclass(frozen=True, slots=True)
class ExtraColumn:
    """A scalar subquery, answered in the same query."""

    sql: str
    params: Sequence[Any] = ()


def rows_column(rows: QuerySet[Any], **fields: str) -> ExtraColumn:
    """All `rows` with these fields, for `rows_of`. Compiles the query, so call it once per process."""
    sql, params = rows.values_list(JSONObject(**fields)).query.sql_with_params()
    with connection.cursor() as cursor:
        return ExtraColumn(f"SELECT ARRAY({cursor.cursor.mogrify(sql, params).decode()})")


def rows_of(found: list[str]) -> list[dict[str, Any]]:
    """The rows of a `rows_column`, in order."""
    return [json.loads(each) for each in found]
