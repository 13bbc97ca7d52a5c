"""One-page PDFs and Word documents with the text of a CV or an advert."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from documents.inspection.package import write_package

PDF_OBJECTS = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
)
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


def paper_pdf(title: str, lines: Sequence[str]) -> bytes:
    """PDF 1.4 with one A4 page, which any reader opens."""
    shown = [f"BT /F1 20 Tf 60 770 Td ({_pdf_text(title)}) Tj ET"]
    shown += [f"BT /F1 11 Tf 60 {735 - 18 * row} Td ({_pdf_text(line)}) Tj ET" for row, line in enumerate(lines)]
    content = "\n".join(shown).encode("cp1252", "replace")
    objects = [*PDF_OBJECTS, b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content), FONT]
    out, offsets = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, data in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, data)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer


def _pdf_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


SCHEMAS = "http://schemas.openxmlformats.org"
TYPES = (
    f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{SCHEMAS}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{SCHEMAS}/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{SCHEMAS}/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def paper_docx(title: str, lines: Sequence[str]) -> bytes:
    paragraphs = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in (title, *lines))
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{SCHEMAS}/wordprocessingml/2006/main">'
        f"<w:body>{paragraphs}</w:body></w:document>"
    )
    parts = {"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS, "word/document.xml": document}
    return write_package({name: words.encode() for name, words in parts.items()})
