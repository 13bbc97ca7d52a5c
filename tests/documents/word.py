"""Builds Word documents part by part, for rare and hostile ones that no program here writes."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO

from tests.documents.papers import OFFICE, RELS

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{OFFICE}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main" '
    'xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" '
    'xmlns:am3d="http://schemas.microsoft.com/office/drawing/2017/model3d" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wp15="http://schemas.microsoft.com/office/word/2012/wordprocessingDrawing" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" mc:Ignorable="w15 a14"'
)
WORDS = "Led a team of 12"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
Link = tuple[str, str] | tuple[str, str, bool]
"""The last segment of its type or the whole type, its target, and optionally whether it is external."""


def relations(rows: Sequence[Link]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{row[0] if "/" in row[0] else f"{OFFICE}/{row[0]}"}" Target="{row[1]}"'
        + (' TargetMode="External"/>' if len(row) > 2 and row[2] else "/>")
        for number, row in enumerate(rows, 1)
    )
    return f'{HEAD}<Relationships xmlns="{RELS}">{listed}</Relationships>'


def paragraph(inside: str) -> str:
    return f"<w:p>{inside}</w:p>"


def run(inside: str) -> str:
    return f"<w:r>{inside}</w:r>"


def text(words: str) -> str:
    return run(f'<w:t xml:space="preserve">{words}</w:t>')


def field(instruction: str, result: str = "shown", *, xml: bool = False) -> str:
    """A field in pieces, as Word writes it. With `xml`, `instruction` is XML of runs."""
    told = instruction if xml else run(f'<w:instrText xml:space="preserve">{instruction}</w:instrText>')
    begin, between, end = (run(f'<w:fldChar w:fldCharType="{kind}"/>') for kind in ("begin", "separate", "end"))
    return begin + told + between + text(result) + end


def word(
    body: str = "",
    links: Sequence[Link] = (),
    parts: Mapping[str, str | bytes] | None = None,
    kinds: Mapping[str, str] | None = None,
    package: Sequence[Link] = (),
    document: str | bytes | None = None,
) -> bytes:
    """`links`: relations of the document, `rId1` first; `package`: relations of the package; `kinds`: content types by
    part."""
    rows = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in (kinds or {}).items())
    types = (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/word/document.xml" ContentType="{MAIN}"/>{rows}</Types>'
    )
    given: dict[str, str | bytes] = {
        "[Content_Types].xml": types,
        "_rels/.rels": relations([("officeDocument", "word/document.xml"), *package]),
        "word/document.xml": document
        or f"{HEAD}<w:document {SPACES}><w:body>{paragraph(text(WORDS))}{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations(links),
        **(parts or {}),
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in given.items():
            archive.writestr(name, data)
    return out.getvalue()


def part(content: bytes, name: str = "word/document.xml") -> str:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.read(name).decode()


def names(content: bytes) -> list[str]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.namelist()
