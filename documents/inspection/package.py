"""Opens a zip as if it were hostile: trusts no declared size or name, and limits everything."""

import struct
import unicodedata
import zipfile
import zlib
from io import BytesIO

from documents.inspection.unfit import BOMB, LOCKED, PATHS, POLYGLOT, UNREADABLE, Unfit

MOST_ENTRIES = 1000
MOST_BYTES = 60 * 1024 * 1024
"""Of all parts together, unpacked. A CV with pictures has 1 to 3 MB."""
MOST_BYTES_OF_XML = 20 * 1024 * 1024
MOST_RATIO, RATIO_MATTERS_FROM = 150, 1024 * 1024
"""Ordinary XML is compressed 10 to 30 times, a zip bomb 1000 times."""
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The two that Word reads."""
LONGEST_NAME = 255
FORBIDDEN = frozenset('\\:*?"<>|')
END = struct.Struct("<4s4H2LH")


def read_package(content: bytes) -> dict[str, bytes]:
    """Every part by its name; raises Unfit if anything precedes, follows or repeats in the zip."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check_frame(content, archive.infolist())
            _check_names(entries)
            return _unpacked(archive, entries)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, ValueError, struct.error):
        raise Unfit(UNREADABLE) from None


def _check_frame(content: bytes, entries: list[zipfile.ZipInfo]) -> None:
    """The zip must fill the file from first byte to last, so that it cannot be another kind of file as well."""
    signature, *_, comment = END.unpack(content[-END.size :])
    starts = min((entry.header_offset for entry in entries), default=-1)
    if signature != b"PK\x05\x06" or comment or starts != 0:
        raise Unfit(POLYGLOT)
    if len(entries) > MOST_ENTRIES:
        raise Unfit(BOMB)


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        if not is_part_name(name) or name.casefold() in seen:
            raise Unfit(PATHS)
        if entry.flag_bits & 0x1:
            raise Unfit(LOCKED)
        if entry.compress_type not in METHODS:
            raise Unfit(UNREADABLE)
        seen.add(name.casefold())


def is_part_name(name: str) -> bool:
    """Allows all letters, also ü; refuses paths out of the package, drives and invisible characters."""
    if len(name) > LONGEST_NAME or any(each in FORBIDDEN for each in name):
        return False
    if any(unicodedata.category(each).startswith("C") for each in name):
        return False
    return not {"", ".", ".."} & set(name.split("/"))


def _unpacked(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    parts, left = {}, MOST_BYTES
    for entry in entries:
        most = min(left, MOST_BYTES_OF_XML) if entry.filename.endswith((".xml", ".rels")) else left
        with archive.open(entry) as part:
            data = part.read(most + 1)
        too_dense = len(data) > RATIO_MATTERS_FROM and len(data) > MOST_RATIO * max(entry.compress_size, 1)
        if len(data) > most or too_dense:
            raise Unfit(BOMB)
        parts[entry.filename], left = data, left - len(data)
    return parts


def write_package(parts: dict[str, bytes]) -> bytes:
    """The parts in a new zip that does not reveal when or where it was made."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
