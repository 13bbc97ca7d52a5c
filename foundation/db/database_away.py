"""Tells whether an error means that the database could not be reached or the connection was lost.

Used where nothing else caught the error, to answer 503 instead of 500. Any other database error is a defect.
"""

from __future__ import annotations

import psycopg2

AWAY = ("08", "53", "57P0", "58")
"""SQLSTATE prefixes: connection exceptions, insufficient resources (disk, memory, connections), shutdown, system
errors. https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

FURTHEST = 20


def is_database_away(error: BaseException | None) -> bool:
    """Follows the error's causes too: losing the connection in a transaction raises further errors afterwards."""
    seen = 0
    while error is not None and seen < FURTHEST:
        if isinstance(error, psycopg2.Error) and _says_so(error):
            return True
        error, seen = error.__cause__ or error.__context__, seen + 1
    return False


def _says_so(error: psycopg2.Error) -> bool:
    if error.pgcode:
        return str(error.pgcode).startswith(AWAY)
    if isinstance(error, psycopg2.InterfaceError):
        return "connection" in str(error)  # but not “cursor already closed”, which is a defect
    return isinstance(error, psycopg2.OperationalError) or type(error) is psycopg2.DatabaseError
