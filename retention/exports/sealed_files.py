"""Encrypted files: AES-256-GCM in pieces, with a key derived from the installation's secret and a salt per file.

Deleting the salt makes the file unreadable, in every backup too. Each piece is authenticated with its number and
whether it is the last, so that pieces cannot be removed, reordered or cut off unnoticed.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from foundation.values.secret_keys import derived_key, secrets_in_use

PIECE = 256 * 1024
HEAD = struct.Struct(">I?")
NONCE_START = 8


class Unreadable(Exception):
    """The file was changed or cut off, or its secret is gone."""


def seal(source: IO[bytes], target: IO[bytes], salt: str) -> None:
    """Encrypts `source` to its end into `target`. Both must be open."""
    cipher, start = AESGCM(derived_key(settings.SECRET_KEY, salt, b"sealed file")), os.urandom(NONCE_START)
    target.write(start)
    number, piece = 0, source.read(PIECE)
    while True:
        following = source.read(PIECE)
        head = HEAD.pack(number, not following)
        sealed = cipher.encrypt(start + struct.pack(">I", number), piece, head)
        target.write(head + struct.pack(">I", len(sealed)) + sealed)
        if not following:
            return
        number, piece = number + 1, following


def unseal(source: IO[bytes], salt: str) -> Iterator[bytes]:
    """Yields the decrypted pieces. Raises Unreadable before yielding anything of an invalid piece."""
    start, number, ended = source.read(NONCE_START), 0, False
    ciphers = [AESGCM(derived_key(secret, salt, b"sealed file")) for secret in secrets_in_use()]
    while not ended:
        head = source.read(HEAD.size)
        if len(head) != HEAD.size:
            raise Unreadable("it is cut off")
        said, ended = HEAD.unpack(head)
        if said != number:
            raise Unreadable("a piece is missing")
        (length,) = struct.unpack(">I", source.read(4))
        yield _opened(ciphers, start + struct.pack(">I", number), source.read(length), head)
        number += 1


def _opened(ciphers: list[AESGCM], nonce: bytes, sealed: bytes, head: bytes) -> bytes:
    for cipher in ciphers:
        try:
            return cipher.decrypt(nonce, sealed, head)
        except InvalidTag:
            continue
    raise Unreadable("it is not as it was sealed")
