"""Keys derived from SECRET_KEY, one for each purpose, and short texts sealed with them."""

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


def seal(said: str, salt: str, purpose: bytes) -> bytes:
    """Encrypted and authenticated (Fernet). URL-safe characters."""
    return _fernet(settings.SECRET_KEY, salt, purpose).encrypt(said.encode())


def unseal(sealed: bytes, salt: str, purpose: bytes) -> str | None:
    """None if it was sealed with another secret, salt or purpose, or changed since."""
    for secret in secrets_in_use():
        try:
            return _fernet(secret, salt, purpose).decrypt(sealed).decode()
        except (InvalidToken, ValueError):
            continue
    return None


def _fernet(secret: str, salt: str, purpose: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key(secret, salt, purpose)))
