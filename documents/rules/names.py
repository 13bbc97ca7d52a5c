"""Turns the name of a file on somebody's computer into the name we show and send."""

import re
import unicodedata

LONGEST = 100
FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u0085\u2028\u2029]')


def display_name(filename: str) -> str:
    """`C:\\Users\\amara\\My.CV.final.pdf` → `My CV final`: no path, extensions, control characters or invisible ones.

    Never used as a file name in the storage. `Document` if nothing is left.
    """
    name = re.split(r"[/\\]", unicodedata.normalize("NFKC", filename))[-1]
    stem = name.rpartition(".")[0] or name
    visible = "".join(" " if unicodedata.category(each) in ("Cc", "Cf", "Co", "Cs", "Cn") else each for each in stem)
    spaced = FORBIDDEN.sub(" ", visible).replace(".", " ")
    return " ".join(spaced.split())[:LONGEST].strip() or "Document"


def cleaned_name(said: str) -> str:
    """Cleans a name that somebody typed, which has no extension to remove."""
    return display_name(f"{said}.x")


def extension(filename: str) -> str:
    """The last extension in lower case, without its dot. A trailing dot or space does not hide it."""
    return filename.strip().rstrip(". ").rpartition(".")[2].lower()
