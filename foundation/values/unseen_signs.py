"""Invisible characters: which they are, and how to remove them from text that people type or other systems send.

The only list of them. Names, university ids, email addresses, searches and emails use it.
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
"""Unprintable characters, as far as a PostgreSQL expression can name them; for the constraints behind the forms."""

UNSHOWN: Final = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""Removed from longer texts. Joiners and soft hyphens are kept: Persian and emoji need joiners. Replace NEL (U+0085)
with a line break first."""


RUN_OF_JOINERS: Final = re.compile(f"[{JOINERS}]+")


def without_unseen(text: str) -> str:
    """Removes format characters (Cf), DEL, C1 controls and noncharacters. Keeps joiners between letters of scripts that
    need them, and line breaks and tabs, which each field checks itself. Takes linear time."""
    if text.isascii() and "\x7f" not in text:
        return text
    seen = "".join(sign for sign in text if sign in JOINERS or not _is_unseen(sign))
    return RUN_OF_JOINERS.sub(lambda run: run[0] if _stands_in_a_word(seen, run.start(), run.end()) else "", seen)


def is_joined(text: str, place: int) -> bool:
    """Whether the joiner at `place` is between letters of a script that needs it, such as Arabic or Devanagari."""
    return _stands_in_a_word(text, place, place + 1)


def _stands_in_a_word(text: str, start: int, end: int) -> bool:
    return start > 0 and end < len(text) and _takes_joiners(text[start - 1]) and _takes_joiners(text[end])


def _is_unseen(sign: str) -> bool:
    return "\x7f" <= sign <= "\x9f" or unicodedata.category(sign) == "Cf" or is_no_character(ord(sign))


def is_no_character(code: int) -> bool:
    """The 66 code points that Unicode never gives to a character (Unicode 16, section 23.7)."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _takes_joiners(letter: str) -> bool:
    joined = letter in JOINERS or unicodedata.category(letter)[0] in "LM"
    return joined and not unicodedata.name(letter, "").startswith(UNJOINED)
