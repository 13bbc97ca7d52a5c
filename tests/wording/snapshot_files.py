"""Where wording is stored: a text file for each page and message, an `.ambr` file for each module of other tests."""

from __future__ import annotations

from pathlib import Path

from syrupy.extensions.amber import AmberSnapshotExtension
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation

SNAPSHOTS = Path(__file__).parent / "snapshots"
RENEW = 'make test ARGS="-m wording --snapshot-update"'


class OneTextFile(SingleFileSnapshotExtension):
    """`tests/wording/test_pages.py` stores its snapshots in `snapshots/test_pages/`."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(SNAPSHOTS / test_location.basename)


class OneModule(AmberSnapshotExtension):
    """`tests/eligibility/test_explanations.py` stores its snapshots in
    `snapshots/eligibility/test_explanations.ambr`."""

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(SNAPSHOTS / Path(test_location.filepath).parent.name)
