"""Encrypted files: libsodium's secretstream, with a key derived from the installation's secret and a salt per file.

Deleting the salt makes the file unreadable, in every backup too. The format finds pieces that were changed, removed or
reordered, and a missing end (https://doc.libsodium.org/secret-key_cryptography/secretstream).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from django.conf import settings
from nacl.bindings import crypto_secretstream_xchacha20poly1305_ABYTES as MORE_BYTES
from nacl.bindings import crypto_secretstream_xchacha20poly1305_HEADERBYTES as HEADER_BYTES
from nacl.bindings import crypto_secretstream_xchacha20poly1305_init_pull as start_opening
from nacl.bindings import crypto_secretstream_xchacha20poly1305_init_push as start_sealing
from nacl.bindings import crypto_secretstream_xchacha20poly1305_pull as open_piece
from nacl.bindings import crypto_secretstream_xchacha20poly1305_push as seal_piece
from nacl.bindings import crypto_secretstream_xchacha20poly1305_state as State
from nacl.bindings import crypto_secretstream_xchacha20poly1305_TAG_FINAL as LAST
from nacl.exceptions import CryptoError

from foundation.values.secret_keys import derived_key, secrets_in_use

PIECE = 256 * 1024


class Unreadable(Exception):
    """The file was changed or cut off, or its secret is gone."""


def seal(source: IO[bytes], target: IO[bytes], salt: str) -> None:
    """Encrypts `source` to its end into `target`. Both must be open."""
    state = State()
    target.write(start_sealing(state, derived_key(settings.SECRET_KEY, salt, b"sealed file")))
    piece = source.read(PIECE)
    while following := source.read(PIECE):
        target.write(seal_piece(state, piece))
        piece = following
    target.write(seal_piece(state, piece, tag=LAST))


def unseal(source: IO[bytes], salt: str) -> Iterator[bytes]:
    """Yields the decrypted pieces. Raises Unreadable before yielding anything of an invalid piece."""
    header, sealed = source.read(HEADER_BYTES), source.read(PIECE + MORE_BYTES)
    try:
        state = _state(header, sealed, salt)
        while True:
            piece, tag = open_piece(state, sealed)
            yield piece
            if tag == LAST:
                break
            sealed = source.read(PIECE + MORE_BYTES)
    except CryptoError as error:
        raise Unreadable from error
    if source.read(1):
        raise Unreadable("something was added to it")


def _state(header: bytes, first: bytes, salt: str) -> State:
    """Ready for the first piece, with the secret that opens it or else the oldest."""
    for secret in secrets_in_use():
        state = State()
        key = derived_key(secret, salt, b"sealed file")
        start_opening(state, header, key)
        try:
            open_piece(state, first)
        except CryptoError:
            continue
        start_opening(state, header, key)
        return state
    raise Unreadable("no secret opens it")
