"""Installs Debian packages that tests need, if permitted."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence

from tools.output import step


def install(name: str, programs: Sequence[str], packages: Sequence[str]) -> str:
    """Empty if one of the programs is available afterwards, otherwise the reason why not."""
    if any(map(shutil.which, programs)):
        return ""
    if not shutil.which("apt-get"):
        return f"{name} is not installed, and this machine has no apt-get to install it with"
    if os.geteuid() != 0:
        return f"{name} is not installed, and only root may install it (apt-get install {packages[0]})"
    with step(f"Installing {name} for the tests (once)"):
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "-qq", "update"], ["apt-get", "-qq", "install", "-y", *packages]):
            done = subprocess.run(command, capture_output=True, text=True, env=env)
        if any(map(shutil.which, programs)):
            return ""
        words = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        return f"{name} could not be installed ({words[-1] if words else 'apt-get gave no reason'})"
