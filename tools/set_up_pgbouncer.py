"""Installs Debian's PgBouncer for the tests behind a connection pooler, if permitted."""

from __future__ import annotations

from tools.debian import install


def set_up_pgbouncer() -> str:
    """Empty if these tests can run, otherwise the reason why not."""
    return install("PgBouncer", ["pgbouncer", "/usr/sbin/pgbouncer"], ["pgbouncer"])
