"""Finds the version before this one in the history of the clone, and unpacks its code."""

from __future__ import annotations

import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

NAMED = Path(__file__).with_name("upgrade_from.txt")


class NoHistory(Exception):
    """The clone does not have the earlier version. Says what to do."""


def earlier_version(root: Path, named: Path = NAMED) -> str:
    """The newest tag `v*` below this version, or the commit that the file names while there is none."""
    if not (root / ".git").exists():
        raise NoHistory("This is not a git clone, so it has no earlier version.")
    here = _git(root, "rev-parse", "HEAD")
    tags = _git(root, "tag", "--list", "v*", "--merged", "HEAD", "--sort=-v:refname").splitlines()
    found = [tag for tag in tags if _git(root, "rev-parse", f"{tag}^{{commit}}") != here]
    lines = [line for line in named.read_text().splitlines() if line and not line.startswith("#")]
    version = (found or lines)[0]
    if not _has(root, version):
        raise NoHistory(f"This clone has no history: {version} is missing. Run git fetch --unshallow --tags.")
    return version


def unpack(root: Path, version: str, folder: Path) -> None:
    packed = subprocess.run(["git", "archive", version], cwd=root, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")


def _has(root: Path, version: str) -> bool:
    command = ["git", "cat-file", "-e", f"{version}^{{commit}}"]
    return subprocess.run(command, cwd=root, capture_output=True).returncode == 0


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True).stdout.strip()
