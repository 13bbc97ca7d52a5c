"""Finds documents whose file is missing or is not the one that was checked, for example after restoring a backup."""

import hashlib
from collections.abc import Iterator

from django.core.files.storage import storages

from documents.models import DocumentVersion

AT_A_TIME = 500
PIECE = 64 * 1024


def unreadable_versions() -> Iterator[tuple[DocumentVersion, str]]:
    """Reads every stored file, so it takes as long as copying them. Yields what is wrong: `missing` or `changed`."""
    versions = DocumentVersion.objects.filter(file__isnull=False).select_related("file", "document").order_by("pk")
    for version in versions.iterator(AT_A_TIME):
        if wrong := _what_is_wrong(version):
            yield version, wrong


def _what_is_wrong(version: DocumentVersion) -> str:
    assert version.file is not None  # noqa: S101 - the query asks for it
    hashed = hashlib.sha256()
    try:
        with storages["documents"].open(version.file.name) as file:
            for piece in iter(lambda: file.read(PIECE), b""):
                hashed.update(piece)
    except FileNotFoundError:
        return "missing"
    return "" if hashed.hexdigest() == version.sha256 else "changed"
