"""A real PgBouncer in front of the tests' PostgreSQL, on a Unix socket of its own."""

from __future__ import annotations

import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg2
from django.db import connection

from tools.postgres import as_nobody
from tools.processes import Child, dies_with_parent

PROGRAM = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
PORT = 6432
TIMEOUTS = {"lock_timeout": "3s", "statement_timeout": "60s"}


class PgBouncer:
    """A context manager. `server`: the socket folder of another PostgreSQL. `options`: lines of the configuration."""

    def __init__(self, mode: str, server: Path | None = None, **options: object) -> None:
        self.mode = mode
        self.folder = Path(tempfile.mkdtemp(prefix="cc-pooler-", dir="/tmp"))  # a socket's path must be short
        self.log = self.folder / "pgbouncer.log"
        (self.folder / "users.txt").write_text('"postgres" ""\n"careers" ""\n')
        own = {
            "pool_mode": mode, "unix_socket_dir": self.folder, "listen_addr": "", "listen_port": PORT,
            "auth_type": "trust", "auth_file": self.folder / "users.txt", "max_client_conn": 200, **options,
        }  # fmt: skip
        lines = ["[databases]", f"* = host={server or sockets()} port=5432", "[pgbouncer]"]
        lines += [f"{name} = {value}" for name, value in own.items()]
        (self.folder / "pgbouncer.ini").write_text("\n".join(lines) + "\n")
        self.child: Child | None = None

    def __enter__(self) -> PgBouncer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def start(self) -> None:
        command = [PROGRAM, "-q", str(self.folder / "pgbouncer.ini")]
        self.child = Child("PgBouncer", [*as_nobody(), *dies_with_parent(command)], log=self.log)
        until = time.monotonic() + 20
        while not self._listens():
            assert self.child.alive, self.child.last_words()
            assert time.monotonic() < until, self.child.last_words()
            time.sleep(0.02)

    def _listens(self) -> bool:
        """The socket’s file is there a moment earlier."""
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.folder / f".s.PGSQL.{PORT}")) == 0

    def stop(self) -> None:
        if self.child:
            self.child.stop()

    def url(self, database: str, user: str = "postgres") -> str:
        return f"postgres://{user}@/{database}?host={self.folder}&port={PORT}"


@contextmanager
def behind(pooler: PgBouncer, mode: str, settings: Any) -> Iterator[None]:
    """This process and its threads connect through the pooler, as with DATABASE_POOLER set to `mode`."""
    connection.close()
    direct = dict(connection.settings_dict)
    with_options = direct["OPTIONS"]
    settings.DATABASE_POOLER = mode
    settings.DATABASE_DIRECT = {
        name: direct[name] for name in ("HOST", "PORT", "OPTIONS", "DISABLE_SERVER_SIDE_CURSORS")
    }
    connection.settings_dict.update(
        HOST=str(pooler.folder),
        PORT=PORT,
        DISABLE_SERVER_SIDE_CURSORS=mode == "transaction",
        OPTIONS={name: value for name, value in with_options.items() if name != "options" or not mode},
    )
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(direct)


@contextmanager
def timeouts_of_the_role(**values: str) -> Iterator[None]:
    """As docs/scaling.md tells operators to set them; for the tests' database only."""
    role = f'ALTER ROLE postgres IN DATABASE "{connection.settings_dict["NAME"]}"'
    on_the_server(*(f"{role} SET {name} = '{value}'" for name, value in values.items()))
    try:
        yield
    finally:
        on_the_server(f"{role} RESET ALL")


def on_the_server(*statements: str) -> None:
    server = psycopg2.connect(host=sockets(), user="postgres", dbname="postgres")
    server.autocommit = True
    try:
        for statement in statements:
            server.cursor().execute(statement)
    finally:
        server.close()


def sockets() -> str:
    """Where the tests' PostgreSQL listens."""
    return str(connection.settings_dict["OPTIONS"]["host"])
