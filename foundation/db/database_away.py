"""Whether an error says that the database could not be reached, or was lost on the way. Anything else is a defect.

Used where nobody else has caught it: the answer is then 503 instead of 500.
"""

from __future__ import annotations

import psycopg2

AWAY = ("08", "53", "57P0", "58")
"""SQLSTATE: connection exceptions, too few resources (disk, memory, connections), shutting down, system errors.
https://www.postgresql.org/docs/current/errcodes-appendix.html"""

FURTHEST = 20


def is_database_away(error: BaseException | None) -> bool:
    """Looks at the causes as well: losing the connection in a transaction raises more errors on the way out."""
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
        return "connection" in str(error)  # and not “cursor already closed”, which is a defect
    return isinstance(error, psycopg2.OperationalError) or type(error) is psycopg2.DatabaseError
