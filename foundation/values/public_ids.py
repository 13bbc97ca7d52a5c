"""Ids that may stand in an address: random, so that they neither count nor can be guessed."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""No 0/o, 1/i/l: an id read out over the telephone must survive."""

LENGTH = 12


def new_public_id() -> str:
    """Twelve characters, about 59 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def id_in(text: str) -> str:
    """What somebody sent, if it can be a public id; else nothing, which finds nothing."""
    return text if len(text) == LENGTH and not set(text) - set(ALPHABET) else ""
