"""Debian's clamd for the tests of the virus scanner, where it may be installed. Its signatures are the tests' own."""

from __future__ import annotations

from tools.debian import install


def set_up_clamd() -> str:
    """Empty when tests of the scanner can run, else why not."""
    return install("clamd", ["clamd", "/usr/sbin/clamd"], ["clamav-daemon"])
