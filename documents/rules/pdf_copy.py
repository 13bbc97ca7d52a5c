"""The copy of a PDF that others get: its pages, without who made it, where and with what."""

from __future__ import annotations

import logging
from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject, TextStringObject

from documents.rules.images import without_traces
from documents.rules.pdf import check_bytes, check_name
from documents.rules.relations import KEPT_LINKS
from documents.rules.unfit import Unfit, unreadable

MOST_OBJECTS, DEEPEST = 200_000, 60
TRACES = ("/Metadata", "/PieceInfo", "/LastModified", "/Info")

# It says in the log what it finds wrong with a file, in the file's own words.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def copy_pdf(content: bytes) -> bytes:
    """Raises Unfit where the document must not be taken. Looks into every object, also those no page names; the copy
    has only what the pages name, so what an editor left of earlier versions goes as well."""
    try:
        check_bytes(content)
        reader = PdfReader(BytesIO(content), strict=False)
        if reader.is_encrypted:
            check_name("Encrypt")
        for each in _objects(reader):
            _check(each, 0)
        copied = _written(reader)
        check_bytes(copied)
        return copied
    except Unfit:
        raise
    except Exception as failure:  # whatever a broken or hostile file makes the library say
        raise unreadable() from failure


def _objects(reader: PdfReader) -> list[Any]:
    numbers = {(number, generation) for generation, found in reader.xref.items() for number in found}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if not numbers or len(numbers) > MOST_OBJECTS:
        raise unreadable()
    return [reader.get_object(IndirectObject(*each, reader)) for each in sorted(numbers)]


def _check(found: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise unreadable()
    if isinstance(found, DictionaryObject):
        for key, value in found.items():
            check_name(str(key).removeprefix("/"))
            _check(value, depth + 1)
    elif isinstance(found, ArrayObject):
        for value in found:
            _check(value, depth + 1)
    elif isinstance(found, NameObject):
        check_name(str(found).removeprefix("/"))


def _written(reader: PdfReader) -> bytes:
    if not len(reader.pages):
        raise unreadable()
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    for each in writer._objects:
        if isinstance(each, DictionaryObject):
            _strip(each)
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)  # what was cut loose goes
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _strip(found: DictionaryObject) -> None:
    for trace in TRACES:
        found.pop(NameObject(trace), None)
    link = found.get("/URI")
    if isinstance(link, str) and not KEPT_LINKS.match(str(link)):
        found[NameObject("/URI")] = TextStringObject("about:blank")
    for value in list(found.values()):
        if isinstance(value, DictionaryObject):
            _strip(value)
    if isinstance(found, StreamObject) and found.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        found._data = without_traces(found._data)
