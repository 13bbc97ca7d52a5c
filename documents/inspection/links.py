"""Which links a copy keeps, and what looks like a place on somebody's computer."""

from __future__ import annotations

KEPT = ("https://", "http://", "mailto:", "tel:", "#")
"""By an allow list, so that `javascript:`, `file:`, `data:`, `\\\\share` and what nobody has thought of yet are not."""
LONGEST = 8
PATHS = ("file:", "/users/", "/home/", "\\\\")
NOWHERE = "about:blank"


def is_kept(link: str) -> bool:
    return link[:LONGEST].lower().startswith(KEPT)


def is_path(words: str) -> bool:
    """`file:…`, `C:\\…`, `\\\\share`, `/home/…`: tells where somebody works."""
    start = words[:LONGEST].lower()
    return start.startswith(PATHS) or (start[:1].isalpha() and start[1:3] == ":\\")


def is_elsewhere(target: str) -> bool:
    """An address or a share, whatever the one who refers to it says."""
    return ":" in target or target.startswith(("\\\\", "//"))
