"""May this file be taken in? From its content, never from what its sender says of it."""

from __future__ import annotations

import filetype

from careerconnect.foundation.decisions import ALLOWED, Decision, refuse
from documents.models import Format
from documents.rules.docx import inspect_docx
from documents.rules.names import extension
from documents.rules.pdf import inspect_pdf

SAVE_AS = "Save it as PDF or as a Word document (.docx), and upload that."


def may_take(content: bytes, filename: str, megabytes: int) -> Decision:
    """What can be judged at once and at little cost; a PDF's objects are looked through later, by a worker."""
    if not content:
        return refuse("document_empty", "This file is empty.", "Choose another file.")
    if len(content) > megabytes * 1024 * 1024:
        return too_large(megabytes)
    format = format_of(content)
    if format is None:
        return refuse("document_type", "This is not a PDF or Word (DOCX) file.", SAVE_AS)
    if extension(filename) != format:
        return refuse("document_extension", f"This is a {format.label} file, but its name does not say so.", SAVE_AS)
    return inspect_pdf(content) if format == Format.PDF else inspect_docx(content)


def too_large(megabytes: int) -> Decision:
    return refuse("document_too_large", f"This file is larger than {megabytes} MB.", "Make it smaller and try again.")


def format_of(content: bytes) -> Format | None:
    """By its first bytes; DOCX is then looked into."""
    guessed = filetype.guess(content[:8192])
    kind = guessed.extension if guessed else ""
    if content.startswith(b"%PDF-") and kind == "pdf":
        return Format.PDF
    if content.startswith(b"PK\x03\x04") and kind in ("zip", "docx", "xlsx", "pptx", "epub"):
        return Format.DOCX
    return None


def may_add_document(held: int, most: int) -> Decision:
    if held >= most:
        return refuse("documents_full", f"You have {held} documents, which is all you can keep.", "Delete one first.")
    return ALLOWED


def may_add_version(held: int, most: int) -> Decision:
    if held >= most:
        return refuse("versions_full", f"This document has {held} versions already.", "Delete an older one first.")
    return ALLOWED
