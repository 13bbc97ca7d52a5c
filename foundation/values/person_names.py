"""Which characters a person's name may contain, so that a name cannot become a link or misleading text."""

import re
import unicodedata

from django.core.exceptions import ValidationError

from foundation.values.unseen_signs import JOINERS, UNPRINTABLE, is_joined, is_no_character, without_unseen

DOTS = ".\N{FULLWIDTH FULL STOP}\N{IDEOGRAPHIC FULL STOP}\N{HALFWIDTH IDEOGRAPHIC FULL STOP}\N{ONE DOT LEADER}"
DOMAIN = re.compile(rf"[{DOTS}](?=[^\W\d_]{{2}})")
"""A full stop directly followed by two letters: mail programs make a link of `evil.example`, but not of `J.R.R.`."""

LINK_SIGNS = re.compile(r"//|[@:\\<>\N{FULLWIDTH COLON}\N{FULLWIDTH COMMERCIAL AT}\N{FULLWIDTH SOLIDUS}]")

BREAK = "A name cannot have line breaks or invisible characters in it."
LINK = "A name cannot be a link: leave out : @ // < > and \\."
DOT = "Put a space after a full stop."

NOT_IN_A_NAME = rf"{UNPRINTABLE}|://"
"""For the constraints behind the forms."""


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
    """The name in NFC with single spaces and no invisible characters, so that it is always spelled the same way."""
    return unicodedata.normalize("NFC", " ".join(filter(None, without_unseen(name).split(" "))))


def spaced_name(name: str) -> str:
    """Adds a space after full stops that look like a domain's, in names from other systems (`Ma.Theresa`)."""
    return DOMAIN.sub(lambda dot: f"{dot.group()} ", name)


def _is_unusable(name: str, place: int) -> bool:
    letter = name[place]
    if letter in JOINERS:
        return not is_joined(name, place)
    return unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} or is_no_character(ord(letter))
