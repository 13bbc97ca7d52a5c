"""Removes metadata from pictures: where, when and with which device they were taken."""

import struct
import zlib
from io import BytesIO

import pillow_heif
from PIL import Image, ImageOps

JPEG_START, JPEG_END, JPEG_SCAN, JPEG_PROFILE = b"\xff\xd8", b"\xff\xd9", 0xDA, 0xE2
JPEG_TRACES = frozenset({0xE1, 0xED, 0xFE, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xEB, 0xEC, 0xEF})
"""Exif and XMP, Photoshop's data, comments and makers' own data.

Kept: JFIF (E0), colour profile (E2), Adobe's transform (EE).
"""
PNG_START = b"\x89PNG\r\n\x1a\n"
PNG_TRACES = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})
WEBP_TRACES, WEBP_FLAGS = frozenset({b"EXIF", b"XMP "}), 0b1100
"""RFC 9649: the two chunks, and the two bits of the header that announce them."""
JPEG_2000_START, JPEG_2000_TRACES = b"\0\0\0\x0cjP  \r\n\x87\n", frozenset({b"uuid", b"xml ", b"uinf"})
"""ISO/IEC 15444-1 boxes: Exif and XMP are in `uuid`, or in `xml `."""
TIFF = (b"II*\0", b"MM\0*")
AS_THEY_ARE = (b"GIF87a", b"GIF89a", b"BM", b"\xd7\xcd\xc6\x9a", b"\x01\0\x09\0", b"\x02\0\x09\0")
"""GIF, BMP and both kinds of WMF; EMF has its signature at byte 40. Their metadata is not removed."""
HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
MOST_PIXELS = 60_000_000

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
pillow_heif.options.DECODE_THREADS = 1
pillow_heif.register_heif_opener()


def picture(data: bytes) -> tuple[bytes, str]:
    """The picture without metadata, and its new extension (empty if unchanged).

    Converts HEIC (phone photos) to JPEG and TIFF to PNG, because their metadata cannot be cut out. Raises ValueError if
    it is no kind of picture that Word documents contain.
    """
    if is_heif(data) or data.startswith(TIFF):
        return converted(data)
    if data.startswith((JPEG_START, PNG_START)) or is_webp(data):
        return without_traces(data), ""
    if data.startswith(AS_THEY_ARE) or data[40:44] == b" EMF":
        return data, ""
    raise ValueError("no picture that is known")


def is_heif(data: bytes) -> bool:
    return data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS


def is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def converted(data: bytes) -> tuple[bytes, str]:
    out = BytesIO()
    try:
        with Image.open(BytesIO(data), formats=["HEIF", "TIFF"]) as opened:
            shown = ImageOps.exif_transpose(opened)
            profile = opened.info.get("icc_profile")
            if is_heif(data) and not shown.has_transparency_data:
                shown.convert("RGB").save(out, "JPEG", quality=90, icc_profile=profile)
                return out.getvalue(), "jpeg"
            shown.convert("RGBA" if shown.has_transparency_data else "RGB").save(out, "PNG")
    except MemoryError:
        raise
    except Exception as failure:  # whatever the library raises for a broken picture
        raise ValueError("a picture that cannot be read") from failure
    return out.getvalue(), "png"


def without_traces(data: bytes) -> bytes:
    """A JPEG, PNG, WebP or JPEG 2000 without metadata. Anything else, and broken files, are returned unchanged."""
    if data.startswith(JPEG_START):
        return _jpeg(data)
    if data.startswith(PNG_START):
        return _png(data)
    if is_webp(data):
        return _webp(data)
    if data.startswith(JPEG_2000_START):
        return _jpeg_2000(data)
    return data


def _jpeg(data: bytes) -> bytes:
    kept, at = [JPEG_START], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == JPEG_SCAN:
            end = data.find(JPEG_END, at)  # after this comes another picture with its own metadata, or a video
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


def _webp(data: bytes) -> bytes:
    kept, at = [], 12
    while at + 8 <= len(data):
        kind, length = struct.unpack("<4sL", data[at : at + 8])
        chunk = data[at : at + 8 + length + length % 2]
        if kind == b"VP8X" and length:
            chunk = chunk[:8] + bytes([chunk[8] & ~WEBP_FLAGS]) + chunk[9:]
        if kind not in WEBP_TRACES:
            kept.append(chunk)
        at += len(chunk)
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<L", len(body)) + body


def _jpeg_2000(data: bytes) -> bytes:
    kept, at = [], 0
    while at + 8 <= len(data):
        length, kind = struct.unpack(">L4s", data[at : at + 8])
        if length == 1 and at + 16 <= len(data):
            length = struct.unpack(">Q", data[at + 8 : at + 16])[0]
        if length < 8:  # 0 means to the end of the file
            length = len(data) - at
        if kind not in JPEG_2000_TRACES:
            kept.append(data[at : at + length])
        at += length
    return b"".join(kept)
