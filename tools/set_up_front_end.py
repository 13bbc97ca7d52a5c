"""Builds style sheet, script, images and fonts into static/dist when one of their sources has changed."""

import os
import shutil
import subprocess
from pathlib import Path

from tools.output import LauncherError, last_line, step
from tools.places import DIST, NODE_MODULES, ROOT, VENV
from tools.set_up_python import STAMP as PYTHON_STAMP
from tools.set_up_python import digest, install, require_room, wanted

BUILT = DIST / ".built"
INSTALLED = NODE_MODULES / ".careerconnect"
PEERS = "with-peers"
OLDEST_NODE = 20
ROOM_NEEDED = 300 * 1024 * 1024


def set_up_front_end(*, with_peers: bool = False) -> None:
    """`with_peers` also installs identity providers that only the tests need."""
    if with_peers:
        packages(with_peers=True)
    sources = digest(*_sources())
    if BUILT.exists() and BUILT.read_text() == sources:
        return
    env = packages()
    with step("Building the front end"):
        _build(env, sources)


def _sources() -> list[Path]:
    """All files that affect the result: Tailwind reads class names from templates and forms."""
    found = [ROOT / "package.json", ROOT / "package-lock.json"]
    found += (path for path in (ROOT / "static" / "src").rglob("*") if path.is_file())
    found += (ROOT / "templates").rglob("*.html")
    for python in ("*/forms.py", "*/forms/*.py", "*/widgets.py"):
        found += ROOT.glob(python)
    return sorted(found)


def path_with_node() -> str:
    """The PATH with the machine's Node if it is recent enough, otherwise with Node installed as a Python package."""
    path = os.environ.get("PATH", os.defpath)
    if shutil.which("npm") and _node_version() >= OLDEST_NODE:
        return path
    if wanted("node") not in PYTHON_STAMP.read_text().splitlines():
        with step("Installing Node (this machine has none)"):
            install("node")
        PYTHON_STAMP.write_text(PYTHON_STAMP.read_text().rstrip("\n") + "\n" + wanted("node") + "\n")
    return f"{VENV / 'bin'}{os.pathsep}{path}"


def _node_version() -> int:
    try:
        said = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
        return int(said.strip().lstrip("v").split(".")[0])
    except (OSError, ValueError):
        return 0


def packages(*, with_peers: bool = False) -> dict[str, str]:
    """Installs front-end packages exactly as locked; returns the environment in which npm is found."""
    env = {**os.environ, "PATH": path_with_node(), "CI": "1"}
    lock = digest(ROOT / "package-lock.json")
    there = INSTALLED.read_text().split() if INSTALLED.exists() else []
    if lock in there and (not with_peers or PEERS in there):
        return env
    require_room(ROOT, ROOM_NEEDED)
    with step("Installing front-end packages"):
        try:
            wanted_here = [] if with_peers else ["--omit=dev"]
            _run(["npm", "ci", *wanted_here], env, "Front-end packages could not be installed")
            INSTALLED.write_text(f"{lock} {PEERS}" if with_peers else lock)
        except BaseException:
            shutil.rmtree(NODE_MODULES, ignore_errors=True)
            raise
    return env


def _build(env: dict[str, str], sources: str) -> None:
    """Builds into a temporary folder and swaps it in, so that a failed build leaves the previous one."""
    new, old = DIST.with_name("dist.new"), DIST.with_name("dist.old")
    shutil.rmtree(new, ignore_errors=True)
    (new / "fonts").mkdir(parents=True)
    try:
        _run(["npm", "run", "--silent", "build"], {**env, "DIST": str(new)}, "The front end could not be built")
        (new / BUILT.name).write_text(sources)
        shutil.rmtree(old, ignore_errors=True)
        if DIST.exists():
            DIST.rename(old)
        new.rename(DIST)
    finally:
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _run(command: list[str], env: dict[str, str], failing: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=ROOT)
    words = done.stdout + done.stderr
    if done.returncode == 0:
        return
    if "ENOSPC" in words or "No space left" in words:
        raise LauncherError(f"{failing}: the disk is full.")
    if any(sign in words for sign in ("ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT", "EAI_AGAIN", "network")):
        raise LauncherError(f"{failing}: the first start needs a network connection (or npm's proxy).")
    errors = [line for line in words.splitlines() if "rror" in line and "A complete log" not in line]
    raise LauncherError(f"{failing}: {last_line(errors[0] if errors else words)}")
