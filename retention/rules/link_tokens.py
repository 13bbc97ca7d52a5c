"""Encrypted tokens for links, with a key derived from SECRET_KEY and a salt."""

from foundation.values.secret_keys import seal, unseal


def link_token(said: str, salt: str) -> str:
    """`said`, encrypted for use in a link."""
    return seal(said, salt, b"link").decode().rstrip("=")


def read_link_token(token: str, salt: str) -> str | None:
    return unseal((token + "=" * (-len(token) % 4)).encode(), salt, b"link")
