"""granian exactly as `make run` starts it, for the portal and for the bare app, and how much CPU its processes took."""

from __future__ import annotations

import http.client
import os
import socket
import time
from pathlib import Path
from types import TracebackType

from tools.processes import Child, dies_with_parent
from tools.run import parts

PORTAL, BARE = "careerconnect.wsgi:application", "bench.bare.wsgi:application"
HEALTH = {PORTAL: "/health/live", BARE: "/page/"}


class Web:
    """Use as a context."""

    def __init__(self, app: str, env: dict[str, str], log: Path) -> None:
        self.app, self.env, self.log = app, {**env, "HOST": "127.0.0.1"}, log
        self.port = _free_port()
        self.child: Child | None = None

    def __enter__(self) -> Web:
        command = dict(parts(self.port, self.env))["web"]
        self.child = Child("web", dies_with_parent([*command[:-1], self.app]), env=self.env, log=self.log)
        until = time.monotonic() + 60
        while not self._answers():
            if not self.child.alive or time.monotonic() > until:
                raise SystemExit(f"The web server did not start; its last words:\n{self.child.last_words()}")
            time.sleep(0.1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.child:
            self.child.stop()

    def _answers(self) -> bool:
        try:
            wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            wire.request("GET", HEALTH[self.app])
            return wire.getresponse().status in (200, 302)
        except OSError:
            return False

    def cpu_seconds(self) -> float:
        """User and system time of the server's processes so far; 0 where there is no /proc."""
        return sum(_cpu_seconds(pid) for pid in _family(self.child.process.pid)) if self.child else 0.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _family(pid: int) -> list[int]:
    parents = {int(entry.name): _fields(entry)[1:2] for entry in Path("/proc").glob("[0-9]*")}
    found = [pid]
    for parent in found:
        found += [child for child, its in parents.items() if its == [str(parent)]]
    return found


def _cpu_seconds(pid: int) -> float:
    fields = _fields(Path(f"/proc/{pid}"))
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _fields(process: Path) -> list[str]:
    """Of /proc/…/stat, those after the program's name; none for a process that has just ended."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
