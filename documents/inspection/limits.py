"""What one file may cost. An ordinary CV takes a tenth of a second and 60 MB; these are for hostile ones."""

from __future__ import annotations

CPU_SECONDS = 20
WALL_SECONDS = 60.0
"""With a virus scan of 30 s and a sweep of 20 s before it, still less than a Celery task may live (120 s)."""
MOST_MEMORY_BYTES = 512 * 1024 * 1024
"""Of address space: Python, the parsers and the file unpacked."""
MOST_COPY_BYTES = 64 * 1024 * 1024
READY = b"ready\n"
"""What the child says before it reads the file: from then on, its death is the file's fault."""
