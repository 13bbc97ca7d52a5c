"""Session-level advisory locks, so that only one worker runs a job.

PostgreSQL releases the lock if the worker is killed. Behind a pooler that shares connections by transaction, the job
has a direct connection while it holds the lock, so temporary tables work there too.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from foundation.db.pooler import direct_connection

PAUSE = 0.2
"""Seconds between two tries. Trying often needs no `lock_timeout`, which would end the transaction."""


@contextmanager
def advisory_lock(lock: int, wait: float = 0.0, waits: Callable[[], None] = lambda: None) -> Iterator[bool]:
    """Yields whether this process got the lock. `lock` is the caller's own number for `pg_try_advisory_lock`.

    Tries for up to `wait` seconds. `waits` is called once, before the first pause.
    """
    with direct_connection():
        until = time.monotonic() + wait
        locked = _try(lock)
        if wait and not locked:
            waits()
        while not locked and time.monotonic() < until:
            time.sleep(PAUSE)
            locked = _try(lock)
        try:
            yield locked
        finally:
            if locked and connection.connection is not None and not connection.connection.closed:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])


def _try(lock: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
        return bool(cursor.fetchone()[0])
