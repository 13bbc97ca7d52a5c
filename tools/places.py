"""Paths. Everything that the launcher creates is in one of these folders and ignored by git."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
# Does not raise for a symlink loop.
DATA = Path(os.path.realpath(os.environ.get("CAREERCONNECT_DATA") or ROOT / ".data"))
DIST = ROOT / "static" / "dist"
NODE_MODULES = ROOT / "node_modules"
REQUIREMENTS = ROOT / "requirements"

PACKAGES = (
    "careerconnect", "demo", "portal", "rulebook", "retention", "appointments", "events", "queries", "eligibility",
    "security", "wellbeing", "messaging", "documents", "places", "accounts", "foundation",
)  # fmt: skip
"""The product's packages by layer, highest first (docs/architecture.md)."""

PYTHON = VENV / "bin" / "python"


def in_venv(program: str) -> str:
    return str(VENV / "bin" / program)
