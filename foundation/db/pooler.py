"""Connection poolers such as PgBouncer: what the portal needs of one, and a direct connection for what sharing breaks.

`session` gives a client a connection for as long as it is connected. `transaction` gives it one for each transaction:
prepared statements, temporary tables, advisory locks of a session and settings are lost in between (docs/scaling.md).
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from typing import Any

import psycopg2
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from foundation.db.database_away import is_database_away

logger = logging.getLogger(__name__)

POOLER_FAULTS = {
    "pooler_not_named": "DATABASE_URL leads to a connection pooler. Set DATABASE_POOLER to session or transaction.",
    "pooler_drops_timeouts": (
        "The database connection has no lock_timeout or no statement_timeout. Set both for the database role with "
        "ALTER ROLE (docs/scaling.md), and reconnect the pooler."
    ),
    "pooler_shares_transactions": (
        "The pooler shares connections by transaction. Set DATABASE_POOLER=transaction and DATABASE_DIRECT_URL, or "
        "pool_mode = session in the pooler."
    ),
    "pooler_shares_statements": "The pooler shares connections by statement. Set pool_mode = transaction or session.",
    "pooler_keeps_sessions": (
        "The pooler does not reset a connection between two clients. Set server_reset_query = DISCARD ALL in it."
    ),
    "direct_is_pooled": "DATABASE_DIRECT_URL leads to a pooler too. It must name PostgreSQL itself.",
}
LEFT = "careerconnect.left"
"""A setting that one connection makes and the next must not see."""

TIMEOUTS = ("lock_timeout", "statement_timeout")
BACKEND, ASKED = "SELECT pg_backend_pid()", 3
"""More than once, because a pooler may hand out its connections in turn."""


def require_usable_pooler() -> None:
    """Refuses to start on a pooler that breaks what the portal relies on.

    If the database is away, the portal starts, and `/health/ready` asks again.
    """
    try:
        fault = pooler_fault()
    except Error as error:
        if not is_database_away(error):
            raise
        logger.warning("the database is away: whether a pooler is set up well is not known yet")
        return
    if fault:
        raise ImproperlyConfigured(f"CareerConnect cannot start: {POOLER_FAULTS[fault]}")


@cache
def pooler_fault() -> str:
    """A key of POOLER_FAULTS, or nothing; found by trying, once for each process. Raises Error if the database is away.

    A pool used by others may hide that it shares connections: then prepared statements fail later.
    """
    if fault := _fault(connection, settings.DATABASE_POOLER):
        return fault
    if settings.DATABASE_POOLER == "transaction" and _fault(_direct(), ""):
        return "direct_is_pooled"
    return ""


def _fault(wrapper: BaseDatabaseWrapper, pooler: str) -> str:
    try:
        with wrapper.wrap_database_errors, closing(_connected(wrapper)) as first, closing(_connected(wrapper)) as other:
            if not all(_ask(first, f"SELECT current_setting('{name}') <> '0'") for name in TIMEOUTS):
                return "pooler_drops_timeouts"
            pairs = [(_ask(first, BACKEND), _ask(other, BACKEND)) for _ in range(ASKED)]
            shares = len(set(pairs)) > 1 or pairs[0][0] == pairs[0][1]
            if shares and not _has_transactions(first):
                return "pooler_shares_statements"
            if pooler == "transaction":
                return ""
            if shares:
                return "pooler_shares_transactions"
            mark = secrets.token_hex(8)
            for session in (first, other):
                _ask(session, f"SELECT set_config('{LEFT}', '{mark}', false)")
        with wrapper.wrap_database_errors, closing(_connected(wrapper)) as following:
            keeps = _ask(following, f"SELECT current_setting('{LEFT}', true)") == mark
            return "pooler_keeps_sessions" if keeps else ""
    except Error as error:
        if "startup parameter" in str(error):
            return "pooler_not_named"
        raise


def _connected(wrapper: BaseDatabaseWrapper) -> Any:
    made = wrapper.get_new_connection(wrapper.get_connection_params())
    made.autocommit = True
    return made


def _ask(session: Any, query: str) -> Any:
    with session.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def _has_transactions(session: Any) -> bool:
    try:
        with session.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("ROLLBACK")
    except psycopg2.Error:
        return False
    return True


@contextmanager
def direct_connection() -> Iterator[None]:
    """Behind a pooler that shares connections by transaction, the default connection of this thread leads directly to
    PostgreSQL inside. Elsewhere nothing changes. Raises RuntimeError inside a transaction, which would be left behind.
    """
    pooled = connections["default"]
    if settings.DATABASE_POOLER != "transaction" or _is_direct(pooled):
        yield
        return
    if pooled.in_atomic_block:
        raise RuntimeError("Work that needs a direct connection begins outside a transaction.")
    connections["default"] = direct = _direct()
    try:
        yield
    finally:
        connections["default"] = pooled
        direct.close()


def _direct() -> BaseDatabaseWrapper:
    direct = connections["default"].copy()
    direct.settings_dict.update(settings.DATABASE_DIRECT)
    return direct


def _is_direct(wrapper: BaseDatabaseWrapper) -> bool:
    return all(wrapper.settings_dict[name] == value for name, value in settings.DATABASE_DIRECT.items())
