"""Files that are kept encrypted: AES-256 in GCM, piece by piece, under a key that is derived from the installation's
secret and a salt of the file's own. Who deletes the salt has deleted the file, in every backup of it too.

A piece carries its number and whether it is the last, so that none can be left out, exchanged or cut off unnoticed.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from retention.rules.link_tokens import derived_key, secrets_in_use

PIECE = 256 * 1024
HEAD = struct.Struct(">I?")
NONCE_START = 8


class Unreadable(Exception):
    """Changed, cut off, or sealed under a secret that is gone."""


def seal(source: IO[bytes], target: IO[bytes], salt: str) -> None:
    """Both are open; `source` is read to its end."""
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
    """Piece by piece. Raises Unreadable, where nothing of the piece has been given out."""
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
