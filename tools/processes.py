"""Starts, watches and ends child processes so that none is left behind."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

# Set in every child's environment, so that the next start finds children of a killed launcher.
MARK = "CAREERCONNECT_LAUNCH"


def dies_with_parent(command: Sequence[str], how: str = "TERM") -> list[str]:
    """The command, wrapped so that the kernel signals it when the launcher dies, even by kill -9."""
    setpriv = shutil.which("setpriv")
    return [setpriv, f"--pdeathsig={how}", "--", *command] if setpriv else list(command)


class Child:
    """A process in its own session, so that Ctrl-C only reaches the launcher, which stops its children in order."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        log: Path | None = None,
        stdin: bytes | None = None,
        stop_with: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name, self.stop_with, self.log = name, stop_with, log
        out: IO[bytes] | int = log.open("ab") if log else subprocess.DEVNULL
        self.process = subprocess.Popen(
            list(command),
            env=dict(env) if env is not None else None,
            cwd=cwd,
            stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        if not isinstance(out, int):
            out.close()
        if stdin is not None and self.process.stdin:
            try:
                self.process.stdin.write(stdin)
                self.process.stdin.close()
            except BrokenPipeError:
                pass  # it exited at once; the caller notices when waiting for an answer

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.alive:
            self.process.send_signal(self.stop_with)

    def stop(self, patience: float = 10) -> None:
        """Asks it to stop, waits, then kills what is left of its session."""
        self.ask_to_stop()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        self.process.wait()

    def last_words(self, lines: int = 12) -> str:
        if not self.log or not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def marked(launch: str) -> list[int]:
    """Running processes of that launch. Finds none without /proc."""
    wanted = f"{MARK}={launch}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue
    return [pid for pid in found if pid != os.getpid()]


def end_all(pids: Sequence[int], patience: float = 8) -> None:
    for how, wait in ((signal.SIGTERM, patience), (signal.SIGKILL, 2.0)):
        for pid in pids:
            try:
                os.kill(pid, how)
            except (ProcessLookupError, PermissionError):
                pass
        until = time.monotonic() + wait
        while any(running(pid) for pid in pids):
            if time.monotonic() > until:
                break
            time.sleep(0.05)
        else:
            return


def running(pid: int) -> bool:
    """Whether the process exists and is not a zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state not in "ZX"
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
    except (OSError, IndexError):
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
