"""Reads a built copy for the officer who reviews it: the same text that the person will read."""

from __future__ import annotations

import json
import logging
import tempfile
import zipfile
from typing import Any

from django.core.files.storage import storages

from foundation.outcomes.refusals import Refused
from retention.exports.sealed_files import Unreadable, unseal
from retention.models import Package, PackageState, RightsRequest
from retention.selectors.copy import READINGS, Record, black_words
from retention.selectors.redactor import Redactor

logger = logging.getLogger(__name__)


def part_of_copy(request: RightsRequest, key: str) -> list[tuple[str, Record]]:
    """The records of a class, or of `READINGS`, with all words blacked out that are decided by now.

    Each has the name of its table. Two queries. Reads the whole file, whatever its size. Raises Refused:
    `copy_not_ready`, `copy_unreadable`.
    """
    package = request.packages.first()
    if package is None or package.state != PackageState.READY:
        raise Refused("copy_not_ready", "The copy is not ready yet.", "Wait until it is built.")
    said, redact = _data_of(package), Redactor(black_words(request))
    if key == READINGS:
        return [("reading", record) for record in said[READINGS]]
    records = [redact(record) for record in said["classes"].get(key, [])]
    return [(record.pop("table"), record) for record in records]


def _data_of(package: Package) -> dict[str, Any]:
    """The unencrypted zip exists only in an anonymous temporary file."""
    try:
        with tempfile.TemporaryFile() as clear, storages["retention"].open(package.name) as sealed:
            for piece in unseal(sealed, package.salt):
                clear.write(piece)
            with zipfile.ZipFile(clear) as archive:
                found: dict[str, Any] = json.loads(archive.read("data.json"))
                return found
    except (OSError, ValueError, KeyError, Unreadable, zipfile.BadZipFile) as error:
        logger.warning("a copy could not be read: %s", type(error).__name__)
        raise Refused(
            "copy_unreadable", "We cannot read the copy.", "Rebuild it, and try again.", status=503
        ) from error
