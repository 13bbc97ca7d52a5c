"""Is it a plain Word document (ECMA-376)? A zip with its two parts where they belong, and nothing that acts."""

from __future__ import annotations

import re

from careerconnect.foundation.decisions import ALLOWED, Decision
from documents.rules.package import OLE, PROGRAMS, read_package
from documents.rules.relations import EXTERNAL_ALLOWED, relations
from documents.rules.unfit import Unfit, active

MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
ALLOWED_PARTS = re.compile(
    r"(.*\.(xml|rels|png|jpe?g|gif|bmp|tiff?|emf|wmf|svg|odttf|ttf|fntdata)|word/printerSettings/.*\.bin)", re.I
)
ACTING = re.compile(r"(^|/)(vba|activex|embeddings|customui|macrosheets)", re.I)
FIELDS = re.compile(rb"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK)\b", re.I)
QUOTED = re.compile(rb'(?:"|&quot;|&#34;).*?(?:"|&quot;|&#34;)')
FIELD_TEXT = re.compile(rb"<w:(?:instrText|delInstrText)\b[^>]*>([^<]*)<|w:instr=[\"']([^\"']*)[\"']")


def inspect_docx(content: bytes) -> Decision:
    try:
        check_parts(read_package(content))
    except Unfit as unfit:
        return unfit.decision
    return ALLOWED


def check_parts(parts: dict[str, bytes]) -> None:
    types = parts.get("[Content_Types].xml", b"")
    if "word/document.xml" not in parts or MAIN not in types:
        raise Unfit("document_type", "This is not a Word document.", "Save it as PDF or DOCX, and upload that.")
    if b"macroenabled" in types.lower() or b"vbaproject" in types.lower():
        raise active("macros")
    for name, data in parts.items():
        _check_part(name, data)


def _check_part(name: str, data: bytes) -> None:
    if ACTING.search(name) or data.startswith(OLE):
        raise active("macros or embedded objects")
    if not ALLOWED_PARTS.fullmatch(name) or data.startswith(PROGRAMS):
        raise active("another file")
    if name.lower().endswith((".xml", ".rels", ".svg")):
        _check_xml(name, data)


def _check_xml(name: str, data: bytes) -> None:
    """Plain UTF-8 without a document type: so no entities, and bytes can be searched."""
    lowered = data.lower()
    if b"\0" in data or b"<!doctype" in lowered or b"<!entity" in lowered or not _is_utf8(data):
        raise Unfit("document_unreadable", "This file has parts that no Word document has.", "Save it as PDF.")
    if name.lower().endswith(".svg") and (b"<script" in lowered or re.search(rb"\son\w+\s*=", lowered)):
        raise active("a script")
    if name.endswith(".rels"):
        for relation in relations(data):
            if relation.kind in ("aFChunk", "oleObject", "package", "control", "subDocument", "vbaProject", "frame"):
                raise active("embedded objects")
            if relation.external and relation.kind not in EXTERNAL_ALLOWED:
                raise active("something that is loaded from elsewhere")
    if b"instr" in data and _loads(data):
        raise active("fields that load something from elsewhere")


def _loads(data: bytes) -> bool:
    """Whether a field's instruction does; it may be spread over several runs, so it is read joined as well."""
    texts = [b"".join(found) for found in FIELD_TEXT.findall(data)]
    return any(FIELDS.search(QUOTED.sub(b"", text)) for text in [*texts, b"".join(texts)])


def _is_utf8(data: bytes) -> bool:
    declared = re.match(rb"\s*<\?xml[^>]*encoding=[\"']([^\"']+)", data.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii"):
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
