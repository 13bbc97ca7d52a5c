"""Session-level advisory locks, so that only one worker runs a job.

PostgreSQL releases the lock if the worker is killed.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def advisory_lock(lock: int) -> Iterator[bool]:
    """Yields whether this process got the lock. `lock` is the caller's own number for `pg_try_advisory_lock`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
        locked: bool = cursor.fetchone()[0]
    try:
        yield locked
    finally:
        if locked and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])
