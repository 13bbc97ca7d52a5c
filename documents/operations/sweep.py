from documents.operations.check import SWEEP, check_due
from documents.operations.files import sweep_files


def sweep_documents(*, seconds: float = SWEEP) -> int:
    """Processes what no nudge reached: versions waiting for a check, and files that no version refers to."""
    return check_due(seconds=seconds) + sweep_files()
