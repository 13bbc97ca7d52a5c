from django.conf import settings

from documents.providers.clamd import ClamdScanner
from documents.providers.scanner import Scanner


def scanner() -> Scanner | None:
    """The configured scanner, or None. The configuration page tells the administrator if there is none."""
    return ClamdScanner(settings.CLAMD_ADDRESS) if settings.CLAMD_ADDRESS else None
