"""Ordinary CVs as several programs write them, and hostile files.

They are built here byte by byte or by libraries, so that the repository contains nobody's real CV.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
HOME = "C:\\Users\\amara.okafor\\Documents"

# Pictures


def jpeg(exif: bytes = b"Exif\0\0GPSLatitude 53.48 iPhone 15 of Amara") -> bytes:
    """The frame of a JPEG, with the metadata that phones add."""
    traces = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    profile = b"\xff\xe2" + struct.pack(">H", 2 + 12 + 4) + b"ICC_PROFILE\0" + b"\1\1ab"
    jfif = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\1\1\0\0\1\0\1\0\0"
    scan = b"\xff\xda" + struct.pack(">H", 8) + b"\1\1\0\0\x3f\0" + b"picture\xff\x00data"
    return b"\xff\xd8" + jfif + traces + profile + scan + b"\xff\xd9" + b"a film of where Amara was"


def png(text: bytes = b"Author\0Amara at home") -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    header = struct.pack(">LLBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", header), (b"tEXt", text), (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in parts)


# PDF


def pdf(
    *, catalog: Mapping[str, object] | None = None, link: str = "", picture: bytes = b"", text: str = "CV"
) -> bytes:
    """Two pages as a word processor writes them, with author, program and XMP."""
    writer = PdfWriter()
    for _ in range(2):
        page = writer.add_blank_page(595, 842)
        content = DecodedStreamObject()
        content.set_data(f"BT /F1 12 Tf 72 770 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(content)
        font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
        fonts = DictionaryObject({NameObject("/F1"): dictionary(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    if picture:
        image = StreamObject()
        image._data = picture
        sizes = {NameObject(f"/{name}"): NumberObject(1) for name in ("Width", "Height")}
        image.update(
            {NameObject("/Filter"): NameObject("/DCTDecode"), NameObject("/Subtype"): NameObject("/Image"), **sizes}
        )
        writer.pages[0]["/Resources"][NameObject("/XObject")] = DictionaryObject(
            {NameObject("/I"): writer._add_object(image)}
        )
    if link:
        action = DictionaryObject({NameObject("/S"): NameObject("/URI"), NameObject("/URI"): TextStringObject(link)})
        note = dictionary({"/Type": "/Annot", "/Subtype": "/Link"})
        note[NameObject("/A")] = action
        note[NameObject("/Rect")] = ArrayObject([NumberObject(0)] * 4)
        writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(note)])
    writer.add_metadata({"/Author": "Amara Okafor", "/Title": f"{HOME}\\cv.docx", "/Creator": "Word on AMARAS-LAPTOP"})
    xmp = StreamObject()
    xmp._data = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{HOME}</x:xmpmeta>".encode()
    xmp.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
    writer._root_object[NameObject("/Metadata")] = writer._add_object(xmp)
    for key, value in (catalog or {}).items():
        writer._root_object[NameObject(key)] = pdf_value(value)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def dictionary(values: Mapping[str, object]) -> DictionaryObject:
    return DictionaryObject({NameObject(key): pdf_value(value) for key, value in values.items()})


def pdf_value(value: object) -> object:
    if isinstance(value, Mapping):
        return dictionary(value)
    if isinstance(value, list):
        return ArrayObject([pdf_value(each) for each in value])
    if isinstance(value, int):
        return NumberObject(value)
    said = str(value)
    return NameObject(said) if said.startswith("/") else TextStringObject(said)


def pdf_with_file_inside(inside: bytes) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(pdf()))
    writer.add_attachment("more.txt", inside)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def pdf_locked() -> bytes:
    """Needs a password to open."""
    writer = PdfWriter(clone_from=BytesIO(pdf()))
    writer.encrypt("open sesame", algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def pdf_with_stream(data: bytes) -> bytes:
    """The stream is compressed, so a scanner must decompress it."""
    writer = PdfWriter(clone_from=BytesIO(pdf()))
    stream = StreamObject()
    stream._data = zlib.compress(data)
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    writer.pages[0][NameObject("/Thumb")] = writer._add_object(stream)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def latex_pdf() -> bytes:
    """As LaTeX writes it: objects packed in streams, opening at a destination, and with a heading that contains JS."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/OpenAction[3 0 R/Fit]/Outlines 5 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>",
    ]
    body, offsets = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n", {}
    numbered = list(enumerate(objects, 1))
    head, packed, at = b"", b"", 0
    for number, data in numbered:
        head += b"%d %d " % (number, at)
        packed += data + b" "
        at = len(packed)
    stream = zlib.compress(head + packed)
    offsets[4] = len(body)
    text = zlib.compress(b"BT ET")
    body += b"4 0 obj\n<</Filter/FlateDecode/Length %d>>\nstream\n" % len(text) + text + b"\nendstream\nendobj\n"
    offsets[5] = len(body)
    body += b"5 0 obj\n<</Type/Outlines/First 6 0 R/Last 6 0 R/Count 1>>\nendobj\n"
    offsets[6] = len(body)
    body += b"6 0 obj\n<</Title(HTML/CSS/JS \\(Skills\\))/Parent 5 0 R/Dest[3 0 R/Fit]>>\nendobj\n"
    offsets[7] = len(body)
    body += b"7 0 obj\n<</Type/ObjStm/N 3/First %d/Filter/FlateDecode/Length %d>>\nstream\n" % (len(head), len(stream))
    body += stream + b"\nendstream\nendobj\n"
    start = len(body)
    rows = struct.pack(">BHB", 0, 0, 255)
    rows += b"".join(struct.pack(">BHB", 2, 7, index) for index in range(3))
    rows += b"".join(struct.pack(">BHB", 1, offsets[number], 0) for number in (4, 5, 6, 7))
    rows += struct.pack(">BHB", 1, start, 0)
    table = zlib.compress(rows)
    body += b"8 0 obj\n<</Type/XRef/W[1 2 1]/Size 9/Root 1 0 R/Filter/FlateDecode/Length %d>>\nstream\n" % len(table)
    return body + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start


# Word

TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def rels(*rows: tuple[str, str, bool]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"'
        + (' TargetMode="External"/>' if external else "/>")
        for number, (kind, target, external) in enumerate(rows, 1)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Relationships xmlns="{RELS}">{listed}</Relationships>'


def document(body: str = "<w:p><w:r><w:t>Amara Okafor</w:t></w:r></w:p>") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:document {W}><w:body>{body}</w:body></w:document>'
    )


def parts(**more: str | bytes) -> dict[str, str | bytes]:
    """What Word writes for a CV with a picture, based on a template on the owner's disk."""
    return {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": rels(
            ("officeDocument", "word/document.xml", False),
            ("thumbnail", "docProps/thumbnail.jpeg", False),
            ("metadata/core-properties", "docProps/core.xml", False),
            ("extended-properties", "docProps/app.xml", False),
            ("custom-properties", "docProps/custom.xml", False),
        ),
        "word/document.xml": document(),
        "word/_rels/document.xml.rels": rels(
            ("image", "media/image1.jpeg", False),
            ("hyperlink", "https://example.org/amara", True),
            ("hyperlink", f"file:///{HOME}\\references.docx", True),
            ("settings", "settings.xml", False),
            ("image", "media/image2.png", False),
        ),
        "word/settings.xml": f'<w:settings {W}><w:attachedTemplate r:id="rId1"/></w:settings>'.replace(
            "<w:settings ", f'<w:settings xmlns:r="{OFFICE}" '
        ),
        "word/_rels/settings.xml.rels": rels(("attachedTemplate", f"file:///{HOME}\\Normal.dotm", True)),
        "word/media/image1.jpeg": jpeg(),
        "word/media/image2.png": png(),
        "docProps/core.xml": "<p xmlns='x' xmlns:dc='y'><dc:creator>Amara.Okafor</dc:creator></p>",
        "docProps/app.xml": f"<p xmlns='x'><Company>AMARAS-LAPTOP</Company><Template>{HOME}</Template></p>",
        "docProps/custom.xml": f"<Properties xmlns='x'>{HOME}</Properties>",
        "docProps/thumbnail.jpeg": jpeg(),
        **more,
    }


def docx(given: Mapping[str, str | bytes | None] | None = None) -> bytes:
    """Leaves out parts that are None."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**parts(), **(given or {})}.items():
            if data is not None:
                archive.writestr(name, data)
    return out.getvalue()


def plain_docx() -> bytes:
    """As an online editor exports it: only the two required parts and the relation to them."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", document())
        archive.writestr("_rels/.rels", rels(("officeDocument", "word/document.xml", False)))
        archive.writestr("[Content_Types].xml", TYPES)
    return out.getvalue()
