"""What a person reads in a document, extracted by libraries that the inspection does not use."""

from __future__ import annotations

import logging
import re
import zipfile
from io import BytesIO

from defusedxml import ElementTree
from pypdf import PdfReader

logging.getLogger("pypdf").setLevel(logging.CRITICAL)
STORIES = re.compile(r"word/(document|header|footer|footnotes|endnotes|comments|charts/chart|glossary/)[^/]*\.xml")
SHOWN = ("t", "v")
"""The text of runs, and the numbers that a chart copies from its spreadsheet."""


def words_of(content: bytes) -> list[str]:
    return words_of_docx(content) if content.startswith(b"PK") else words_of_pdf(content)


def words_of_pdf(content: bytes) -> list[str]:
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted:
        reader.decrypt("")
    return [page.extract_text() for page in reader.pages]


def words_of_docx(content: bytes) -> list[str]:
    found = []
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in sorted(archive.namelist()):
            if STORIES.fullmatch(name):
                root = ElementTree.fromstring(archive.read(name))
                found += [each.text or "" for each in root.iter() if each.tag.rpartition("}")[2] in SHOWN]
    return found


def everything_in(content: bytes) -> bytes:
    """Everything unpacked, including names; for a PDF, the objects and the contents of its streams."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return b"\n".join(name.encode() + b"\n" + archive.read(name) for name in archive.namelist())
    reader = PdfReader(BytesIO(content))
    numbers = sorted({number for found in reader.xref.values() for number in found} | set(reader.xref_objStm))
    objects = [reader.get_object(number) for number in numbers if number]
    streams = [each.get_data() for each in objects if hasattr(each, "get_data") and "/DCTDecode" not in str(each)]
    raw = [each._data for each in objects if hasattr(each, "_data")]
    return b"\n".join([content, *(repr(each).encode() for each in objects), *streams, *raw])
