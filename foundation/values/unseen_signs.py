"""Characters that nobody sees: which they are, and how they are taken out of what people type or other systems send.

The one register. Names, university ids, addresses, searches and emails all ask here.
"""

import re
import unicodedata
from typing import Final

JOINERS: Final = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
UNJOINED: Final = ("LATIN", "GREEK", "CYRILLIC", "DIGIT")
"""Scripts that need no joiner between their letters."""

UNPRINTABLE: Final = (
    r"[\u0001-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]"
)
"""What no name may have, as far as PostgreSQL's expressions say it: for the constraints behind the forms."""

UNSHOWN: Final = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""What no running text may have. Its joiners stay, for emoji need them, and so do soft hyphens, which hide nothing.
NEL (U+0085) is a line break there: turn it into one first."""


RUN_OF_JOINERS: Final = re.compile(f"[{JOINERS}]+")


def without_unseen(text: str) -> str:
    """Takes out format characters (Cf) and the controls above ASCII (C1), which print nothing and make two spellings
    of one name. A joiner stays between letters of a script that needs it. Line breaks and tabs stay: they are the
    field's to judge. Linear."""
    if text.isascii() and "\x7f" not in text:
        return text
    seen = "".join(sign for sign in text if sign in JOINERS or not _is_unseen(sign))
    return RUN_OF_JOINERS.sub(lambda run: run[0] if _stands_in_a_word(seen, run.start(), run.end()) else "", seen)


def is_joined(text: str, place: int) -> bool:
    """Whether the joiner there stands between letters that it belongs to: in Arabic, Devanagari, Sinhala and so on."""
    return _stands_in_a_word(text, place, place + 1)


def _stands_in_a_word(text: str, start: int, end: int) -> bool:
    return start > 0 and end < len(text) and _takes_joiners(text[start - 1]) and _takes_joiners(text[end])


def _is_unseen(sign: str) -> bool:
    return "\x7f" <= sign <= "\x9f" or unicodedata.category(sign) == "Cf"


def _takes_joiners(letter: str) -> bool:
    joined = letter in JOINERS or unicodedata.category(letter)[0] in "LM"
    return joined and not unicodedata.name(letter, "").startswith(UNJOINED)
