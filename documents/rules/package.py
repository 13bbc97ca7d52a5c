"""A zip, opened as if it were hostile: nothing declared is believed, and there is a limit to everything."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from io import BytesIO

from documents.rules.unfit import Unfit, unreadable

MOST_ENTRIES = 1000
MOST_BYTES = 60 * 1024 * 1024
"""Of all parts together, unpacked. A CV with pictures has one to three."""
MOST_BYTES_OF_XML = 20 * 1024 * 1024
MOST_RATIO, RATIO_MATTERS_FROM = 150, 1024 * 1024
"""Ordinary XML packs 10 to 30 times; a bomb 1000 times."""

NAME = re.compile(r"[A-Za-z0-9 _.,()\[\]{}%~+=@!$'&;#-]+(/[A-Za-z0-9 _.,()\[\]{}%~+=@!$'&;#-]+)*")
END = struct.Struct("<4s4H2LH")
OLE, PROGRAMS = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    (b"MZ", b"\x7fELF", b"#!", b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"%PDF-"),
)


def read_package(content: bytes) -> dict[str, bytes]:
    """Every part by its name, or Unfit. Nothing may stand before, behind or twice in it."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check_frame(content, archive.infolist())
            _check_names(entries)
            return _unpacked(archive, entries)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, ValueError, struct.error):
        raise unreadable() from None


def _check_frame(content: bytes, entries: list[zipfile.ZipInfo]) -> None:
    """From the first byte to the last it is this zip: no other kind of file fits around it."""
    signature, *_, comment = END.unpack(content[-END.size :])
    starts = min((entry.header_offset for entry in entries), default=-1)
    if signature != b"PK\x05\x06" or comment or starts != 0:
        raise Unfit("document_polyglot", "This file is more than one kind of file.", "Save it again as PDF.")
    if len(entries) > MOST_ENTRIES:
        raise _bomb()


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        if not NAME.fullmatch(name) or name.lower() in seen or {".", ".."} & set(name.split("/")):
            raise Unfit(
                "document_paths", "This file has parts with names that no Word document has.", "Save it as PDF."
            )
        if entry.flag_bits & 0x1:
            raise Unfit("document_locked", "This file is protected by a password.", "Save it without one.")
        seen.add(name.lower())


def _unpacked(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    parts, left = {}, MOST_BYTES
    for entry in entries:
        most = min(left, MOST_BYTES_OF_XML) if entry.filename.endswith((".xml", ".rels")) else left
        with archive.open(entry) as part:
            data = part.read(most + 1)
        too_dense = len(data) > RATIO_MATTERS_FROM and len(data) > MOST_RATIO * max(entry.compress_size, 1)
        if len(data) > most or too_dense:
            raise _bomb()
        parts[entry.filename], left = data, left - len(data)
    return parts


def _bomb() -> Unfit:
    return Unfit("document_bomb", "This file unpacks to far more than it should.", "Save it as PDF.")


def write_package(parts: dict[str, bytes]) -> bytes:
    """The same parts in a new zip that says nothing of when or where it was made."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
