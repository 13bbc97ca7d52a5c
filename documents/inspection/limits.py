"""Limits for one file. An ordinary CV takes a tenth of a second and 60 MB; the limits are for hostile files."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """`wall_seconds`: together with a virus scan (30 s) and a sweep (20 s) before it, less than the limit of a Celery
    task (120 s). `memory_bytes`: address space for Python, the parsers and the unpacked file. `copy_bytes`: what the
    child may write."""

    cpu_seconds: int = 20
    wall_seconds: float = 60.0
    memory_bytes: int = 512 * 1024 * 1024
    copy_bytes: int = 64 * 1024 * 1024


READY = b"ready\n"
"""The child writes this before it reads the file. If it dies later, the file is to blame."""
