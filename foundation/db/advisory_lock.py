"""One worker at a time, by a lock of the database's session: killed in the middle, the lock goes with it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def advisory_lock(lock: int) -> Iterator[bool]:
    """Whether the lock was had. `lock` is a number of the caller's own, for pg_advisory_lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
        had: bool = cursor.fetchone()[0]
    try:
        yield had
    finally:
        if had and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])
