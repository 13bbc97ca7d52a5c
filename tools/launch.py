"""Controls one launch per data folder: a lock, what is running, and cleaning up after a launcher that was killed."""

import errno
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools import postgres
from tools.output import LauncherError, say
from tools.places import DATA
from tools.processes import MARK, end_all, marked

LOCK = DATA / "launch.lock"
RUNNING = DATA / "running.json"
SECRET = DATA / "secret_key"
TAKEN = "CareerConnect is already running over this .data (or being set up); stop it first with Ctrl-C."


@contextmanager
def hold_data(refusal: str = TAKEN) -> Iterator[str]:
    """Locks the data folder; yields the id of this launch. The kernel releases the lock if we are killed."""
    DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
    with LOCK.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            if problem.errno in (errno.EAGAIN, errno.EACCES):
                raise LauncherError(refusal) from None
            raise
        recover()
        launch = secrets.token_hex(8)
        os.environ[MARK] = launch
        write_down(launch, Path("-"), {})
        try:
            yield launch
        finally:
            RUNNING.unlink(missing_ok=True)


def recover() -> None:
    """Ends what a killed launcher left running (processes, PostgreSQL) and removes its sockets."""
    left = running()
    if left:
        orphans = marked(str(left.get("launch", "")))
        end_all(orphans)
        sockets = Path(str(left.get("sockets", "")))
        if sockets.name.startswith("cc-"):
            shutil.rmtree(sockets, ignore_errors=True)
        RUNNING.unlink(missing_ok=True)
    if postgres.stop_orphan(DATA / "postgres") or left:
        say("  · The last run was interrupted. Its leftovers have been removed.")


def running() -> dict[str, Any]:
    """What the launch over this folder has recorded about itself; empty if there is none."""
    try:
        found = json.loads(RUNNING.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_down(launch: str, sockets: Path, addresses: dict[str, str]) -> None:
    said = {"launch": launch, "sockets": str(sockets), "addresses": addresses}
    _write_private(RUNNING, json.dumps(said))  # contains Valkey's password


def _write_private(path: Path, text: str) -> None:
    """Writes a file that only we can read, whole or not at all."""
    new = path.with_suffix(".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    new.rename(path)


def is_held() -> bool:
    if not LOCK.exists():
        return False
    with LOCK.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def secret_key() -> str:
    """The demonstration's secret, generated once, because the settings have no default."""
    if not SECRET.exists():
        _write_private(SECRET, secrets.token_urlsafe(50))
    return SECRET.read_text()
