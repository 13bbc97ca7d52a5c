"""Random ids for use in addresses. They cannot be guessed and do not reveal how many there are."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without 0/o and 1/i/l, so that an id can be read out over the telephone."""

LENGTH = 12


def new_public_id() -> str:
    """Twelve characters, about 59 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def id_in(text: str) -> str:
    """The text if it has the form of a public id; otherwise an empty string, which matches no row."""
    return text if len(text) == LENGTH and not set(text) - set(ALPHABET) else ""
