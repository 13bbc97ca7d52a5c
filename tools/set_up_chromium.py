"""Debian's Chromium for the browser tests, where it may be installed."""

from __future__ import annotations

from tools.debian import install

NAMES = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ["chromium", "fonts-liberation"]


def set_up_chromium() -> str:
    """Empty when browser tests can run, else why not."""
    return install("Chromium", NAMES, PACKAGES)
