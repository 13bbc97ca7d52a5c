"""Which links a copy keeps, and what looks like a path on somebody's computer."""

KEPT = ("https://", "http://", "mailto:", "tel:", "#")
"""An allow list: anything else is removed, such as `javascript:`, `file:`, `data:`, `\\\\share` and schemes yet
unknown."""
LONGEST = 8
PATHS = ("file:", "/users/", "/home/", "\\\\")
NOWHERE = "about:blank"


def is_kept(link: str) -> bool:
    return link[:LONGEST].lower().startswith(KEPT)


def is_path(words: str) -> bool:
    """Detects `file:…`, `C:\\…`, `\\\\share` and `/home/…`, which reveal where somebody works."""
    start = words[:LONGEST].lower()
    return start.startswith(PATHS) or (start[:1].isalpha() and start[1:3] == ":\\")


def is_elsewhere(target: str) -> bool:
    """Is it a URL or a network share, even if the relation claims to be internal?"""
    return ":" in target or target.startswith(("\\\\", "//"))
