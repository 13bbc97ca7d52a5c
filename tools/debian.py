"""Installs Debian packages that tests need, if permitted."""

import os
import shutil
import subprocess
from collections.abc import Sequence

from tools.output import step

FOR_TESTS = {
    "Chromium": (["chromium", "chromium-browser", "google-chrome"], ["chromium", "fonts-liberation"]),
    "clamd": (["clamd", "/usr/sbin/clamd"], ["clamav-daemon"]),  # the tests bring their own signatures
    "PgBouncer": (["pgbouncer", "/usr/sbin/pgbouncer"], ["pgbouncer"]),
    "pdftoppm": (["pdftoppm"], ["poppler-utils"]),  # with it the tests of printed pages compare pictures too
}
"""By name: programs, of which one is enough, and the packages that have them."""


def install_for_tests(name: str) -> str:
    """Empty if these tests can run, otherwise the reason why not."""
    return install(name, *FOR_TESTS[name])


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
