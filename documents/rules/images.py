"""Pictures without their traces: where, when and with which device they were taken."""

from __future__ import annotations

import struct
import zlib

JPEG_START, JPEG_END, JPEG_SCAN, JPEG_PROFILE = b"\xff\xd8", b"\xff\xd9", 0xDA, 0xE2
JPEG_TRACES = frozenset({0xE1, 0xED, 0xFE, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xEB, 0xEC, 0xEF})
"""Exif and XMP, Photoshop's, comments and makers' own. Kept: JFIF (E0), colour profile (E2), Adobe's transform (EE)."""
PNG_START = b"\x89PNG\r\n\x1a\n"
PNG_TRACES = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})


def without_traces(data: bytes) -> bytes:
    """A JPEG or PNG without them; anything else, or what is broken, as it is."""
    if data.startswith(JPEG_START):
        return _jpeg(data)
    if data.startswith(PNG_START):
        return _png(data)
    return data


def _jpeg(data: bytes) -> bytes:
    kept, at = [JPEG_START], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == JPEG_SCAN:
            end = data.find(JPEG_END, at)  # what follows is another picture with traces of its own, or a film
            return b"".join([*kept, data[at : end + 2] if end > at else data[at:]])
        length = 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])
        is_profile = marker != JPEG_PROFILE or data.startswith(b"ICC_PROFILE\0", at + 4)
        if marker not in JPEG_TRACES and is_profile:
            kept.append(data[at : at + length])
        at += length
    return data


def _png(data: bytes) -> bytes:
    kept, at = [PNG_START], len(PNG_START)
    while at + 12 <= len(data):
        length, kind = struct.unpack(">L4s", data[at : at + 8])
        chunk = data[at : at + 12 + length]
        if len(chunk) < 12 + length or zlib.crc32(chunk[4:-4]) != struct.unpack(">L", chunk[-4:])[0]:
            return data
        if kind not in PNG_TRACES:
            kept.append(chunk)
        if kind == b"IEND":
            return b"".join(kept)
        at += len(chunk)
    return data
