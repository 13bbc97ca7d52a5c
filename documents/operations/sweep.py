from __future__ import annotations

from documents.operations.check import check_due
from documents.operations.files import sweep_files


def sweep_documents(*, seconds: float = 20.0) -> int:
    """Finds what every nudge has lost: versions waiting to be checked, and files that no version names any more."""
    return check_due(seconds=seconds) + sweep_files()
