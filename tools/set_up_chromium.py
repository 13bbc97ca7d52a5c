"""Installs Debian's Chromium for the browser tests, if permitted."""

from __future__ import annotations

from tools.debian import install

NAMES = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ["chromium", "fonts-liberation"]


def set_up_chromium() -> str:
    """Empty if browser tests can run, otherwise the reason why not."""
    return install("Chromium", NAMES, PACKAGES)
