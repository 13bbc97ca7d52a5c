"""PostgreSQL and Valkey: those of DATABASE_URL and REDIS_URL if set, otherwise embedded ones."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType

from tools.places import DATA
from tools.postgres import Postgres, stop_orphan
from tools.valkey import Valkey

THROW_AWAY = DATA / "throw-away"


class Services:
    """A context manager; everything started inside is stopped at its end.

    The socket is in a private temporary directory with a short path, because the path of a Unix socket is limited to
    about 100 characters and a checkout's path may be longer.
    """

    def __init__(self, data: Path, *, throw_away: bool = False, database: str = "careers") -> None:
        self.data, self.throw_away, self.database = data, throw_away, database
        self.sockets = Path(tempfile.mkdtemp(prefix="cc-", dir="/tmp" if os.path.isdir("/tmp") else None))
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    def __enter__(self) -> Services:
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
            if not os.environ.get("DATABASE_URL"):
                log = self.logs / "postgres.log"
                self.postgres = Postgres(self.data / "postgres", self.sockets, log=log, throw_away=self.throw_away)
                self.postgres.start(self.database)
            if not os.environ.get("REDIS_URL"):
                log = self.logs / "valkey.log"
                self.valkey = Valkey(self.data / "valkey", log=log, throw_away=self.throw_away)
                self.valkey.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def addresses(self) -> dict[str, str]:
        """The environment variables that processes need to use them."""
        found = {}
        if self.postgres:
            found["DATABASE_URL"] = self.postgres.url(self.database)
        if self.valkey:
            found["REDIS_URL"] = self.valkey.url(0)
        return found

    def stop(self) -> None:
        if self.valkey:
            self.valkey.stop()
        if self.postgres:
            self.postgres.stop()
        shutil.rmtree(self.sockets, ignore_errors=True)


class ThrowAwayServices(Services):
    """For tests and benchmarks: everything is removed at the end. `durable` lets PostgreSQL wait for the disk.

    Their folder is locked while they run, so that the next run can remove what killed runs left.
    """

    def __init__(self, *, durable: bool = False) -> None:
        THROW_AWAY.mkdir(parents=True, exist_ok=True)
        _remove_abandoned()
        self.place = Path(tempfile.mkdtemp(prefix="t-", dir=THROW_AWAY))
        self.lock = (self.place / "lock").open("w")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        super().__init__(self.place, throw_away=not durable)
        self.lock.write(str(self.sockets))
        self.lock.flush()

    def stop(self) -> None:
        super().stop()
        self.lock.close()
        shutil.rmtree(self.place, ignore_errors=True)


def _remove_abandoned() -> None:
    for place in THROW_AWAY.glob("t-*"):
        try:
            with (place / "lock").open("r+") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                sockets = Path(lock.read() or "-")
        except FileNotFoundError:
            continue  # about to be locked
        except OSError:
            continue  # in use
        stop_orphan(place / "postgres")
        if sockets.name.startswith("cc-"):
            shutil.rmtree(sockets, ignore_errors=True)
        shutil.rmtree(place, ignore_errors=True)
