"""Debian's Chromium for the browser tests, where it may be installed."""

from __future__ import annotations

import os
import shutil
import subprocess

from tools.says import step

NAMES = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ["chromium", "fonts-liberation"]


def set_up_chromium() -> str:
    """Empty when browser tests can run, else why not."""
    if any(map(shutil.which, NAMES)):
        return ""
    if not shutil.which("apt-get"):
        return "Chromium is not installed, and this machine has no apt-get to install it with"
    if os.geteuid() != 0:
        return "Chromium is not installed, and only root may install it (apt-get install chromium)"
    with step("Installing Chromium for the browser tests (once)"):
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "-qq", "update"], ["apt-get", "-qq", "install", "-y", *PACKAGES]):
            done = subprocess.run(command, capture_output=True, text=True, env=env)
        if any(map(shutil.which, NAMES)):
            return ""
        words = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        return f"Chromium could not be installed ({words[-1] if words else 'apt-get gave no reason'})"
