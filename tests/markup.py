"""Pages as a browser takes them: how a template breaks its lines does not matter."""

from typing import Any


def markup(response: Any) -> str:
    """The page's HTML, with every run of white space as one space."""
    return " ".join(response.content.decode().split())
