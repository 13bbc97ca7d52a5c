from __future__ import annotations

from django.conf import settings

from documents.providers.clamd import ClamdScanner
from documents.providers.scanner import Scanner


def scanner() -> Scanner | None:
    """None where none is set up: the administrator is told so on the configuration page."""
    return ClamdScanner(settings.CLAMD_ADDRESS) if settings.CLAMD_ADDRESS else None
