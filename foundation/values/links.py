"""Web addresses that people type, for others to open."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

LONGEST_LINK = 500
"""In characters. Links to a meeting with its passcode have about 200."""

_is_https = URLValidator(schemes=["https"])


def https_link(text: str) -> str:
    """The link without spaces around it. Raises ValueError unless it is an https address without a user name."""
    link = text.strip()
    if len(link) > LONGEST_LINK or not link.isprintable():
        raise ValueError("not a link")
    try:
        _is_https(link)
        parts = urlsplit(link)
    except (ValidationError, ValueError) as error:
        raise ValueError("not a link") from error
    if "@" in parts.netloc:
        raise ValueError("a link with a user name")
    return f"https{link[5:]}"
