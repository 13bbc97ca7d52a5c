"""The copy of a Word document that others get: its words and looks, without where and by whom it was made."""

from __future__ import annotations

import re
from dataclasses import replace

from documents.rules.docx import check_parts
from documents.rules.images import without_traces
from documents.rules.package import read_package, write_package
from documents.rules.relations import KEPT_LINKS, Relation, relations, written

EMPTY_PROPERTIES = {
    "docProps/core.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties '
    b'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
}
DROPPED = re.compile(r"(docProps/(?!core\.xml|app\.xml|custom\.xml).*|.*printerSettings[^/]*)", re.I)
TEMPLATE = re.compile(rb"<w:attachedTemplate\b[^>]*(/>|>\s*</w:attachedTemplate>)")
PATHS = re.compile(rb"\s(?:w:)?(?:src|descr)=\"(?:file:|[A-Za-z]:\\|/Users/|/home/)[^\"]*\"")


def copy_docx(content: bytes) -> bytes:
    """Raises Unfit where the document must not be taken."""
    parts = read_package(content)
    check_parts(parts)
    return write_package({name: _copied(name, data) for name, data in parts.items() if not DROPPED.fullmatch(name)})


def _copied(name: str, data: bytes) -> bytes:
    if name in EMPTY_PROPERTIES:
        return EMPTY_PROPERTIES[name]
    if name.endswith(".rels"):
        return written(kept for each in relations(data) if (kept := _kept(each)) is not None)
    if name == "word/settings.xml":
        return TEMPLATE.sub(b"", data)
    if name.endswith(".xml"):
        return PATHS.sub(b"", data)
    return without_traces(data)


def _kept(relation: Relation) -> Relation | None:
    if relation.kind in ("attachedTemplate", "printerSettings", "thumbnail"):
        return None
    if relation.external and not KEPT_LINKS.match(relation.target):
        return replace(relation, target="about:blank")  # file:///C:/Users/…: tells where somebody lives
    return relation
