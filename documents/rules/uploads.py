"""May this file be uploaded? Decided from its content, never from its declared type."""

from documents.models import Format
from documents.rules.names import extension
from foundation.outcomes.decisions import ALLOWED, Decision, refuse
from foundation.values.counted import counted

SAVE_AS = "Save it as PDF or as a Word document (.docx), and upload that."
HEADER_WITHIN = 1024
"""Bytes. Readers accept the header of a PDF within these, whatever a mail program has put before it."""


def may_take(content: bytes, filename: str, megabytes: int) -> Decision:
    """Checks only first bytes, size and name, which costs the same for any file. A worker looks inside it later."""
    if not content:
        return refuse("document_empty", "This file is empty.", "Choose another file.")
    if len(content) > megabytes * 1024 * 1024:
        return too_large(megabytes)
    format = format_of(content)
    if format is None:
        return refuse("document_type", "This is not a PDF or Word (DOCX) file.", SAVE_AS)
    if extension(filename) != format:
        return refuse("document_extension", f"This is a {format.label} file, but its name does not say so.", SAVE_AS)
    return ALLOWED


def too_large(megabytes: int) -> Decision:
    return refuse("document_too_large", f"This file is larger than {megabytes} MB.", "Make it smaller and try again.")


def format_of(content: bytes) -> Format | None:
    """The format by its first bytes. Any zip may be a Word document."""
    if content.startswith(b"PK\x03\x04"):
        return Format.DOCX
    return Format.PDF if b"%PDF-" in content[:HEADER_WITHIN] else None


def may_add_document(held: int, most: int) -> Decision:
    if held >= most:
        return refuse("documents_full", f"You have {counted(held, 'document')}, the most allowed.", "Delete one first.")
    return ALLOWED


def may_add_version(held: int, most: int) -> Decision:
    if held >= most:
        return refuse("versions_full", f"This document has {counted(held, 'version')}.", "Delete an older one first.")
    return ALLOWED
