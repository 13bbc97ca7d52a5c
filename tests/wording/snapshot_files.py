"""Where the wording is kept: a text file for each page and message, an `.ambr` file for each module of other tests."""

from __future__ import annotations

from pathlib import Path

from syrupy.extensions.amber import AmberSnapshotExtension
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation

SNAPSHOTS = Path(__file__).parent / "snapshots"
RENEW = 'make test ARGS="-m wording --snapshot-update"'


class OneTextFile(SingleFileSnapshotExtension):
    """What a test of `tests/wording/test_pages.py` compares is kept in `snapshots/test_pages/`."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(SNAPSHOTS / test_location.basename)


class OneModule(AmberSnapshotExtension):
    """What `tests/eligibility/test_explanations.py` says is kept in `snapshots/eligibility/test_explanations.ambr`."""

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(SNAPSHOTS / Path(test_location.filepath).parent.name)
