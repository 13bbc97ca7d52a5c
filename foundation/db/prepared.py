"""Prepared statements: PostgreSQL parses and plans them once per connection.

Used for queries on every booking path, where planning took longer than executing (docs/decisions/0007). Behind a pooler
that shares connections by transaction they are ordinary queries.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection

_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
"""Driver connections and the names of the statements prepared on each.

A rollback does not remove prepared statements.
"""

PLACE = re.compile(r"%\((\w+)\)s|%s|%%")


class Prepared:
    """Our own SQL with `%s`, or only `%(name)s`, for parameters.

    PostgreSQL infers the parameters' types from the statement.
    """

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.names: list[str] = []
        numbered = PLACE.sub(self._number, sql)
        self.name = "cc_" + sha256(numbered.encode()).hexdigest()[:16]
        self.statement = f"PREPARE {self.name} AS {numbered}"
        places = ", ".join(["%s"] * len(self.names))
        self.call = f"EXECUTE {self.name} ({places})" if places else f"EXECUTE {self.name}"

    def _number(self, place: re.Match[str]) -> str:
        if place.group() == "%%":
            return "%"
        name = place.group(1) or f"_{len(self.names)}"
        if name not in self.names:
            self.names.append(name)
        return f"${self.names.index(name) + 1}"

    def execute(self, cursor: Any, params: Sequence[Any] | Mapping[str, Any]) -> None:
        """Runs the statement on a cursor of the default connection, preparing it first if necessary.

        Fetch the rows from `cursor`.
        """
        if settings.DATABASE_POOLER == "transaction":
            cursor.execute(self.sql, params)
            return
        connection.ensure_connection()
        known = _known.setdefault(connection.connection, set())
        if self.name not in known:
            with connection.wrap_database_errors, connection.connection.cursor() as plain:
                plain.execute(self.statement)
            known.add(self.name)
        values = [params[name] for name in self.names] if isinstance(params, Mapping) else params
        cursor.execute(self.call, values)
