"""Debian's podman, which builds like buildah and also starts what it built, without a daemon.

Its storage is in a folder of its own, so that nothing of it stays and nothing else is touched.
"""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.output import LauncherError, last_line

DEBIAN = ("podman", "runc", "catatonit", "mmdebstrap", "openssl")
"""Programs, each in the package of its name."""
LINES_SAID = 15


class Podman:
    """Containers share the network of the process that starts them: see `tools.image.started`."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.configuration = place / "containers.conf"
        # Locks in shared memory belong to every podman of the machine, and two with different storage block each other.
        self.configuration.write_text('[engine]\nlock_type = "file"\n')
        self.driver = next((each for each in ("overlay", "vfs") if self._is_usable(each)), "")
        if not self.driver:
            raise LauncherError(f"podman cannot store images on this machine: {self._said}")

    def _is_usable(self, driver: str) -> bool:
        """The kernel refuses overlay inside another overlay. vfs works everywhere, but copies whole images."""
        self.driver = driver
        done = self.run("info", may_fail=True)
        self._said = last_line(done.stderr)
        return done.returncode == 0

    def _command(self, *arguments: str) -> list[str]:
        own = self.place / self.driver
        places = ["--root", str(own / "root"), "--runroot", str(own / "run"), "--tmpdir", str(own / "tmp")]
        return [
            *("podman", *places, "--storage-driver", self.driver, "--runtime", "runc"),
            *("--cgroup-manager", "cgroupfs", "--events-backend", "none", *arguments),
        ]

    def run(
        self, *arguments: str, may_fail: bool = False, env: Mapping[str, str] | None = None, seconds: float = 900
    ) -> subprocess.CompletedProcess[str]:
        # Without systemd nothing could run health checks at intervals; they are run one by one.
        own = {"DISABLE_HC_SYSTEMD": "true", "CONTAINERS_CONF": str(self.configuration)}
        given = {**os.environ, **own, **(env or {})}
        command = self._command(*arguments)
        done = subprocess.run(command, capture_output=True, text=True, env=given, timeout=seconds)
        if done.returncode and not may_fail:
            said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-LINES_SAID:])
            raise LauncherError(f"podman {arguments[0]} failed:\n{said}")
        return done

    def in_container(self, name: str, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return self.run("exec", name, *command, may_fail=True)

    def logs(self, name: str) -> str:
        done = self.run("logs", "--tail", str(LINES_SAID), name, may_fail=True)
        return (done.stdout + done.stderr).strip()

    def remove_containers(self) -> None:
        """Unmounts too, without which the folder could not be deleted."""
        self.run("rm", "--all", "--force", "--volumes", "--time", "2", may_fail=True, seconds=120)
        self.run("image", "umount", "--all", "--force", may_fail=True, seconds=120)
