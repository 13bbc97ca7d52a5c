"""Creates the virtual environment from locks with hashes. It is either complete and stamped, or absent."""

import hashlib
import shutil
import sys
from pathlib import Path

from tools.output import LauncherError, quietly, step
from tools.places import PYTHON, REQUIREMENTS, ROOT, VENV

STAMP = VENV / ".careerconnect"
ROOM_NEEDED = 900 * 1024 * 1024
DISK_FULL = {"No space left": "The disk is full: Python packages could not be installed."}
NO_VENV = {"ensurepip": "Python's venv module is missing; on Debian: apt-get install python3-venv"}
WRONG_HASH = {
    "DO NOT MATCH THE HASHES": "A downloaded package does not match its hash in the lock; nothing was installed."
}
NO_NETWORK = dict.fromkeys(
    [
        "Max retries",
        "NewConnectionError",
        "Temporary failure in name resolution",
        "ProxyError",
        "Could not fetch",
        "Network is unreachable",
        "No matching distribution",
        "ConnectTimeout",
        "Connection refused",
    ],
    "Python packages could not be downloaded: the first start needs a network connection (or pip's proxy).",
)


def digest(*files: Path) -> str:
    found = hashlib.sha256()
    for file in files:
        found.update(file.read_bytes())
    return found.hexdigest()[:20]


def wanted(lock: str) -> str:
    return f"{lock} {digest(REQUIREMENTS / f'{lock}.txt')}"


def set_up_python(lock: str = "demo") -> None:
    """Ensures that the environment has everything in the lock: “demo”, or “dev”, which includes demo."""
    stamped = STAMP.read_text().splitlines() if STAMP.exists() and PYTHON.exists() else []
    if wanted(lock) in stamped:
        return
    require_room(ROOT, ROOM_NEEDED)
    if wanted("demo") in stamped:
        with step("Installing what the tests need"):
            install(lock)  # only adds packages, so a failure leaves the demonstration working
        STAMP.write_text("\n".join([*stamped, wanted(lock)]) + "\n")
        return
    with step("Installing Python packages (about a minute, once)"):
        make_anew(lock)


def make_anew(lock: str) -> None:
    """Creates the environment from scratch.

    Scripts contain the environment's path, so it cannot be renamed into place: the old one is moved away meanwhile.
    """
    aside = VENV.with_name(VENV.name + ".old")
    if VENV.exists() and STAMP.exists():
        shutil.rmtree(aside, ignore_errors=True)
        VENV.rename(aside)
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        create()
        install(lock)
        stamps = {wanted("demo"), wanted(lock)}
        STAMP.write_text("\n".join(sorted(stamps)) + "\n")
    except BaseException:
        shutil.rmtree(VENV, ignore_errors=True)
        if aside.exists():
            aside.rename(VENV)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def create() -> None:
    python = getattr(sys, "_base_executable", sys.executable)  # never the environment that is about to be replaced
    command = [python, "-m", "venv", str(VENV)]
    quietly(command, "The virtual environment could not be made", DISK_FULL | NO_VENV)


def install(lock: str) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
               "--require-hashes", "-r", str(REQUIREMENTS / f"{lock}.txt")]  # fmt: skip
    sorry = DISK_FULL | WRONG_HASH | NO_NETWORK
    quietly(command, "Python packages could not be installed", sorry, cwd=ROOT)


def require_room(place: Path, needed: int) -> None:
    free = shutil.disk_usage(place).free
    if free < needed:
        raise LauncherError(f"The disk is nearly full: {needed >> 20} MB are needed here, {free >> 20} MB are free.")
