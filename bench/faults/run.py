"""Puts each fault to the running portal, and says how long it took until everything worked again without a hand.

python -m bench.faults.run [NAME …]     all of them take a quarter of an hour
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import django
import redis

from tests.messaging.peers.odd_mail_server import Fault, OddMailServer
from tests.messaging.peers.text_service import TextService
from tools.places import ROOT
from tools.processes import MARK
from tools.valkey import free_port

GOAL = 60.0
ADDRESSES = ("DATABASE_URL", "REDIS_URL")


class Portal:
    """The launcher of `bench.faults.portal` and the processes it started, found by its mark."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port
        self.log = (data.parent / "launcher.log").open("ab")
        self.launcher = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "bench.faults.portal"]
        env = {name: value for name, value in os.environ.items() if name not in ADDRESSES}  # it brings its own
        return subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True
        )

    def addresses(self) -> dict[str, str]:
        try:
            said = json.loads((self.data / "running.json").read_text())
        except (OSError, ValueError):
            return {}
        return dict(said.get("addresses", {}))

    def processes(self) -> dict[int, tuple[int, str]]:
        """Number → parent and command line, of what this launch has started."""
        mark = f"{MARK}={json.loads((self.data / 'running.json').read_text())['launch']}".encode()
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                    words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                    found[int(entry.name)] = (parent, words)
            except OSError:
                continue
        return found

    def pids(self, words: str, *, child: bool = False) -> list[int]:
        """The processes whose command has these words; their children only, or their parents only."""
        found = {pid: parent for pid, (parent, command) in self.processes().items() if words in command}
        return sorted(pid for pid, parent in found.items() if (parent in found) is child)

    def postmaster(self) -> int:
        return int((self.data / "postgres" / "postmaster.pid").read_text().splitlines()[0])

    def backends(self) -> list[int]:
        text = Path(f"/proc/{self.postmaster()}/task/{self.postmaster()}/children").read_text()
        return [int(pid) for pid in text.split() if b"idle" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def redis(self) -> redis.Redis:
        return redis.Redis.from_url(self.addresses()["REDIS_URL"], socket_timeout=5)

    def valkey(self) -> int:
        return self.pids("valkey-server")[0]

    def stop(self) -> None:
        self.launcher.send_signal(signal.SIGINT)
        try:
            self.launcher.wait(40)
        except subprocess.TimeoutExpired:
            os.killpg(self.launcher.pid, signal.SIGKILL)


def kill(*pids: int, how: signal.Signals = signal.SIGKILL) -> None:
    for pid in pids:
        os.kill(pid, how)


def hang(pid: int, seconds: float) -> None:
    os.kill(pid, signal.SIGSTOP)
    time.sleep(seconds)
    try:
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        pass  # the launcher has ended it


def faults(portal: Portal, mail: OddMailServer) -> dict[str, Callable[[], object]]:
    def smtp(fault: Fault | None = None, delay: float = 0.0, seconds: float = 8.0) -> Callable[[], None]:
        def put() -> None:
            mail.fault, mail.delay = fault, delay
            time.sleep(seconds)
            mail.fault, mail.delay = None, 0.0

        return put

    def mail_is_gone() -> None:
        mail.close_door()
        time.sleep(8)
        mail.open_door()

    def launcher() -> None:
        kill(portal.launcher.pid)
        portal.launcher.wait()
        portal.launcher = portal.start()  # by whatever has started it: the one fault that needs a supervisor

    def disk_is_full() -> None:
        fill = portal.data / "fill"
        subprocess.run(["dd", "if=/dev/zero", f"of={fill}", "bs=1M"], capture_output=True)
        time.sleep(10)
        fill.unlink()

    found: dict[str, Callable[[], object]] = {
        "kill -9: a web worker": lambda: kill(portal.pids("granian", child=True)[0]),
        "kill -9: the web server": lambda: kill(portal.pids("granian")[0]),
        "kill -9: a worker’s child": lambda: kill(portal.pids(" worker ", child=True)[0]),
        "kill -9: the worker": lambda: kill(portal.pids(" worker ")[0]),
        "kill -9: beat": lambda: kill(portal.pids(" beat ")[0]),
        "kill -9: the sweeper": lambda: kill(portal.pids("sweep_outbox")[0]),
        "kill -9: a PostgreSQL backend": lambda: kill(portal.backends()[0]),
        "kill -9: the postmaster": lambda: kill(portal.postmaster()),
        "kill -9: Valkey": lambda: kill(portal.valkey()),
        "kill -9: the launcher": launcher,
        "Valkey stopped": lambda: kill(portal.valkey(), how=signal.SIGTERM),
        "Valkey hangs for 20 s": lambda: hang(portal.valkey(), 20),
        "Valkey hangs for good": lambda: kill(portal.valkey(), how=signal.SIGSTOP),
        "Valkey flushed": lambda: portal.redis().flushall(),
        "PostgreSQL hangs for 20 s": lambda: [hang(pid, 20) for pid in [portal.postmaster()]],
        "the worker hangs for good": lambda: kill(portal.pids(" worker ")[0], how=signal.SIGSTOP),
        "beat hangs for good": lambda: kill(portal.pids(" beat ")[0], how=signal.SIGSTOP),
        "SMTP: refuses connections": mail_is_gone,
        "SMTP: closes at once": smtp(Fault("greeting", close=True)),
        "SMTP: 421 at the greeting": smtp(Fault("greeting", answer="421 Busy")),
        "SMTP: 421 at MAIL": smtp(Fault("mail", answer="421 Busy")),
        "SMTP: 451 at RCPT": smtp(Fault("rcpt", answer="451 Greylisted")),
        "SMTP: 550 at RCPT": smtp(Fault("rcpt", answer="550 Nobody"), seconds=2),
        "SMTP: 554 to the content": smtp(Fault("content", answer="554 Spam"), seconds=2),
        "SMTP: closes after the content": smtp(Fault("content", close=True)),
        "SMTP: hangs at the greeting": smtp(Fault("greeting", hang=True)),
        "SMTP: hangs at RCPT": smtp(Fault("rcpt", hang=True)),
        "SMTP: hangs after the content": smtp(Fault("content", hang=True)),
        "SMTP: drips": smtp(Fault("ehlo", drip_seconds=0.2)),
        "SMTP: 0.6 s an answer": smtp(delay=0.6, seconds=15),
        "SMTP: hangs at QUIT": smtp(Fault("quit", hang=True)),
    }
    if os.path.ismount(portal.data):
        found["the disk is full for 10 s"] = disk_is_full
    return found


def main(wanted: list[str]) -> int:
    mail, texts = OddMailServer(), TextService()
    texts.start()
    place = Path(tempfile.mkdtemp(prefix="cc-faults-"))
    data = place / "data"
    data.mkdir(mode=0o700)
    if os.environ.get("FAULTS_DISK"):  # in a mount namespace: see `alone`
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=900m,mode=700", "none", str(data)], check=True)
    os.environ |= {"CAREERCONNECT_DATA": str(data), "PORT": str(free_port()), "FAULTS_TEXT_URL": texts.url}
    os.environ |= {"FAULTS_MAIL_PORT": str(mail.port), "DJANGO_SETTINGS_MODULE": "bench.faults.settings"}
    for name in ADDRESSES:
        os.environ.pop(name, None)
    portal = Portal(data, int(os.environ["PORT"]))
    try:
        return _try_all(portal, mail, texts, wanted)
    finally:
        portal.stop()
        shutil.copytree(data / "logs", place / "logs")  # the small disk goes with its namespace
        print((place / "launcher.log").read_text()[-6000:], flush=True)
        print(f"The logs are in {place}.", flush=True)


def _try_all(portal: Portal, mail: OddMailServer, texts: TextService, wanted: list[str]) -> int:
    _wait(lambda: bool(portal.addresses()), 120)
    os.environ |= portal.addresses() | {"SECRET_KEY": secrets.token_urlsafe(50)}
    django.setup()
    from bench.faults import load as loads  # noqa: PLC0415 - it needs the addresses of the database

    if wrong := _wrong_after(partial(_what_is_wrong, portal), 180):
        print(f"The portal does not work before any fault: {wrong}.")
        return 1
    failed = 0
    print("| fault | works again after | pages | queued | lost | late | twice | oftener | texts twice | wrong |")
    print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
    for name, put in faults(portal, mail).items():
        if wanted and not any(each in name for each in wanted):
            continue
        load = loads.FaultLoad(portal.port, mail, texts)
        load.start()
        time.sleep(3)
        put()
        began, since = time.monotonic(), datetime.now(UTC)
        wrong = _wrong_after(partial(_what_is_wrong, portal, since), 150)
        took = time.monotonic() - began
        time.sleep(1)
        load.stopping.set()
        found = loads.outcome(load, 90)
        statuses = ", ".join(f"{code or 'none'}: {count}" for code, count in sorted(load.statuses.items()))
        bad = found.lost or found.late or found.emails_oftener or found.texts_twice or load.statuses[500]
        good = not wrong and took < GOAL and not bad
        failed += not good
        cells = [f"{'' if good else '**FAIL** '}{name}", f"{took:.1f} s", statuses, len(load.queued), found.lost]
        cells += [found.late, found.emails_twice, found.emails_oftener, found.texts_twice, wrong]
        print(f"| {' | '.join(map(str, cells))} |", flush=True)
    return 1 if failed else 0


def _what_is_wrong(portal: Portal, since: datetime | None = None) -> str:
    from bench.faults.load import what_is_wrong  # noqa: PLC0415 - it needs the addresses of the database

    return what_is_wrong(portal.port, portal.addresses(), since)


def _wrong_after(what: Callable[[], str], patience: float) -> str:
    """Empty as soon as nothing is wrong; after so many seconds what is."""
    until = time.monotonic() + patience
    while (wrong := what()) and time.monotonic() < until:
        time.sleep(0.2)
    return wrong


def _wait(true: Callable[[], bool], patience: float) -> bool:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.2)
    return False


def alone() -> int:
    """Again inside a mount namespace, where root may have a small disk of its own for the data."""
    if os.geteuid() == 0 and shutil.which("unshare") and "FAULTS_DISK" not in os.environ:
        probe = ["unshare", "--mount", "--propagation", "private", "mount", "-t", "tmpfs", "none", "/mnt"]
        if subprocess.run(probe, capture_output=True).returncode == 0:
            command = ["unshare", "--mount", "--propagation", "private", sys.executable, "-m", "bench.faults.run"]
            return subprocess.run([*command, *sys.argv[1:]], env={**os.environ, "FAULTS_DISK": "1"}).returncode
    return main(sys.argv[1:])


if __name__ == "__main__":
    raise SystemExit(alone())
