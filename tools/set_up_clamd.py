"""Installs Debian's clamd for the virus scanner's tests, if permitted. The tests bring their own signatures."""

from __future__ import annotations

from tools.debian import install


def set_up_clamd() -> str:
    """Empty if the scanner's tests can run, otherwise the reason why not."""
    return install("clamd", ["clamd", "/usr/sbin/clamd"], ["clamav-daemon"])
