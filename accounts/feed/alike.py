"""Which names are the same, however they are written."""

import unicodedata

from foundation.values.unseen_signs import without_unseen

SHAPES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-"})


def alike(name: str) -> str:
    """Equal for names that differ only in capitals, spaces, invisible characters or the shape of an apostrophe or
    hyphen."""
    plain = unicodedata.normalize("NFKC", without_unseen(name)).translate(SHAPES).casefold()
    return "".join(plain.split())
