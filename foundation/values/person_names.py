"""Which characters a person's name may contain, so that a name cannot become a link or misleading text."""

import re
import unicodedata

from django.core.exceptions import ValidationError

DOTS = ".\N{FULLWIDTH FULL STOP}\N{IDEOGRAPHIC FULL STOP}\N{HALFWIDTH IDEOGRAPHIC FULL STOP}\N{ONE DOT LEADER}"
DOMAIN = re.compile(rf"[{DOTS}](?=[^\W\d_]{{2}})")
"""A full stop directly followed by two letters: mail programs make a link of `evil.example`, but not of `J.R.R.`."""

LINK_SIGNS = re.compile(r"//|[@:\\<>\N{FULLWIDTH COLON}\N{FULLWIDTH COMMERCIAL AT}\N{FULLWIDTH SOLIDUS}]")
JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
UNJOINED = ("LATIN", "GREEK", "CYRILLIC", "DIGIT")
"""Scripts that need no joiner between their letters."""

BREAK = "A name cannot have line breaks or invisible characters in it."
LINK = "A name cannot be a link: leave out : @ // < > and \\."
DOT = "Put a space after a full stop."

UNPRINTABLE = (
    r"[\u0001-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]"
)
"""Unprintable characters, as far as a PostgreSQL expression can name them; for the constraint behind the forms."""
NOT_IN_A_NAME = rf"{UNPRINTABLE}|://"


def validate_person_name(name: str) -> None:
    """Raises ValidationError for the first fault found. Linear in the name's length, which the field limits."""
    plain = name.isascii() and name.isprintable()
    if not plain and any(_is_unusable(name, place) for place in range(len(name))):
        raise ValidationError(BREAK, code="name_unprintable")
    if LINK_SIGNS.search(name):
        raise ValidationError(LINK, code="name_is_a_link")
    if DOMAIN.search(name):
        raise ValidationError(DOT, code="name_is_a_link")


def shown_name(given: str, family: str, preferred: str) -> str:
    return f"{preferred or given} {family}".strip()


def composed_name(name: str) -> str:
    """The name in NFC with single spaces, so that it is always spelled the same way."""
    return unicodedata.normalize("NFC", " ".join(filter(None, name.split(" "))))


def spaced_name(name: str) -> str:
    """Adds a space after full stops that look like a domain's, in names from other systems (`Ma.Theresa`)."""
    return DOMAIN.sub(lambda dot: f"{dot.group()} ", name)


def _is_unusable(name: str, place: int) -> bool:
    letter = name[place]
    if letter in JOINERS:
        return not (0 < place < len(name) - 1 and _takes_joiners(name[place - 1]) and _takes_joiners(name[place + 1]))
    return unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def _takes_joiners(letter: str) -> bool:
    """Letters and marks of scripts such as Arabic, Devanagari or Sinhala, where a joiner changes the spelling."""
    joined = letter in JOINERS or unicodedata.category(letter)[0] in "LM"
    return joined and not unicodedata.name(letter, "").startswith(UNJOINED)
