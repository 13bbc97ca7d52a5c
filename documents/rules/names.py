"""From the name a file had on somebody's machine to the name we show and send."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 100
FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u0085\u2028\u2029]')


def display_name(filename: str) -> str:
    """`C:\\Users\\amara\\My.CV.final.pdf` → `My CV final`: no path, no extensions, no controls, nothing invisible.

    Never used as the name of a file in the storage. `Document` where nothing is left.
    """
    name = re.split(r"[/\\]", unicodedata.normalize("NFKC", filename))[-1]
    stem = name.rpartition(".")[0] or name
    visible = "".join(" " if unicodedata.category(each) in ("Cc", "Cf", "Co", "Cs", "Cn") else each for each in stem)
    spaced = FORBIDDEN.sub(" ", visible).replace(".", " ")
    return " ".join(spaced.split())[:LONGEST].strip() or "Document"


def cleaned_name(said: str) -> str:
    """A name that somebody typed: the same, but it has no extension to lose."""
    return display_name(f"{said}.x")


def extension(filename: str) -> str:
    """The last one, in lower case, without its dot; a trailing dot or space is no way round it."""
    return filename.strip().rstrip(". ").rpartition(".")[2].lower()
