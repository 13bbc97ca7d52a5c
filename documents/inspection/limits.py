"""What one file may cost. An ordinary CV takes a tenth of a second and 60 MB; these are for hostile ones."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """`wall_seconds`: with a virus scan of 30 s and a sweep of 20 s before it, still less than a Celery task may live
    (120 s). `memory_bytes`: of address space, for Python, the parsers and the file unpacked. `copy_bytes`: of what the
    child may write."""

    cpu_seconds: int = 20
    wall_seconds: float = 60.0
    memory_bytes: int = 512 * 1024 * 1024
    copy_bytes: int = 64 * 1024 * 1024


READY = b"ready\n"
"""What the child says before it reads the file: from then on, its death is the file's fault."""
