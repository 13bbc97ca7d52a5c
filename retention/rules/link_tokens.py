"""Encrypted tokens for links, with a key derived from SECRET_KEY and a salt."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def derived_key(secret: str, salt: str, purpose: bytes) -> bytes:
    """32 bytes (HKDF, RFC 5869). `purpose` separates keys for different uses."""
    return HKDF(SHA256(), 32, salt.encode(), b"careerconnect " + purpose).derive(secret.encode())


def secrets_in_use() -> list[str]:
    """The current secret, then earlier ones that may still decrypt older data."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def link_token(said: str, salt: str) -> str:
    """`said`, encrypted for use in a link."""
    return _fernet(settings.SECRET_KEY, salt).encrypt(said.encode()).decode().rstrip("=")


def read_link_token(token: str, salt: str) -> str | None:
    padded = (token + "=" * (-len(token) % 4)).encode()
    for secret in secrets_in_use():
        try:
            return _fernet(secret, salt).decrypt(padded).decode()
        except (InvalidToken, ValueError):
            continue
    return None


def _fernet(secret: str, salt: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key(secret, salt, b"link")))
