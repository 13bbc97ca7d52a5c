"""What an image must not hold, looked for in every layer of its saved archive and in its recorded history."""

import json
import mmap
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from tools.places import PACKAGES, REQUIREMENTS, ROOT

HOME = PurePosixPath("srv/careerconnect")
VENV = PurePosixPath("opt/careerconnect")
SHIPPED = {*PACKAGES} - {"demo"}
WANTED = {*SHIPPED, "manage.py", "templates", "static", ".data"}
UNWANTED = ("templates/demo", "static/src", "careerconnect/settings/demo.py", "careerconnect/settings/test.py")
PROGRAMS = {
    *("as", "c++", "c89", "c99", "cc", "clang", "cpp", "g++", "gcc", "ld", "make", "rustc", "cargo", "go"),
    *("node", "npm", "npx", "git", "curl", "wget", "ssh", "buildah", "podman"),
}
OF_VENV = {"pip", "pip3", "pytest", "mypy", "ruff"}
"""A base may have its own pip, which cannot reach the portal's packages."""

STAND_IN = re.compile(r"\bnowhere\b|\bnobody\b|example\.ac\.uk|only-while-|^/srv/|^none$")
"""Values that collectstatic is given while the image is built; they belong to nobody."""


@dataclass
class Contents:
    files: dict[PurePosixPath, int] = field(default_factory=dict)
    """Every path of every layer, also those that a later layer deletes, with the id of its owner."""

    config: dict[str, Any] = field(default_factory=dict)


def read(archive: Path) -> Contents:
    """Reads what `podman save --format docker-archive` writes."""
    found = Contents()
    with tarfile.open(archive) as outer:
        [manifest] = json.load(_member(outer, "manifest.json"))
        found.config = json.load(_member(outer, manifest["Config"]))
        for layer in manifest["Layers"]:
            with tarfile.open(fileobj=_member(outer, layer)) as inner:
                for each in inner:
                    if not each.isdir():
                        found.files[PurePosixPath(each.name)] = each.uid
    return found


def _member(archive: tarfile.TarFile, name: str) -> Any:
    opened = archive.extractfile(name)
    assert opened is not None, name
    return opened


def findings(archive: Path, secret: str) -> list[str]:
    """One sentence for each thing that is wrong; `secret` must be nowhere, neither in a file nor in the history."""
    contents = read(archive)
    found = [*_files(contents), *_packages(contents), *_programs(contents), *_configuration(contents)]
    return [*found, *(["A secret of the working copy is in the image."] if _holds(archive, secret) else [])]


def _files(contents: Contents) -> Iterator[str]:
    own = {path.relative_to(HOME): uid for path, uid in contents.files.items() if path.is_relative_to(HOME)}
    top = {path.parts[0] for path in own}
    yield from (f"{each} does not belong in the image." for each in sorted(top - WANTED))
    yield from (f"{each} is missing." for each in sorted(SHIPPED - top))
    for unwanted in UNWANTED:
        if any(path.is_relative_to(unwanted) for path in own):
            yield f"{unwanted} does not belong in the image."
    for path in sorted(own):
        if path.name.startswith(".env") or path.suffix in (".key", ".pem"):
            yield f"{path} may hold a secret."
    if foreign := sorted(path for path, uid in own.items() if uid):
        yield f"{foreign[0]} does not belong to root, so the portal may change itself."
    if not any(path.match("*.css.gz") and path.is_relative_to(".data/static") for path in own):
        yield "The collected files of the pages are missing."
    if any(".git" in path.parts for path in contents.files):
        yield "A folder .git does not belong in the image."


def _packages(contents: Contents) -> Iterator[str]:
    """Only what requirements/s3.txt locks is installed: nothing of the demonstration or the tests."""
    locked = {_plain(each) for each in re.findall(r"^([\w.-]+)==", (REQUIREMENTS / "s3.txt").read_text(), re.MULTILINE)}
    installed = {
        _plain(path.parent.name.removesuffix(".dist-info").rsplit("-", 1)[0])
        for path in contents.files
        if path.is_relative_to(VENV) and path.match("*.dist-info/METADATA")
    }
    yield from (f"The package {each} is not in requirements/s3.txt." for each in sorted(installed - locked))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _programs(contents: Contents) -> Iterator[str]:
    for path in sorted(contents.files):
        if path.parent.name not in ("bin", "sbin"):
            continue
        name = re.sub(r"^(?:x86_64|aarch64)-linux-gnu-|-?[\d.]+$", "", path.name)
        if name in PROGRAMS or (name in OF_VENV and path.is_relative_to(VENV)):
            yield f"{path} does not belong in the image."


def _configuration(contents: Contents) -> Iterator[str]:
    config = contents.config["config"]
    if config.get("User", "") in ("", "0", "root"):
        yield "The image runs as root."
    if not config.get("Healthcheck"):
        yield "The image has no health check."
    names = {each.partition("=")[0] for each in config.get("Env", [])}
    settings = set(re.findall(r"^#?([A-Z][A-Z_0-9]+)=", (ROOT / "environment.sample").read_text(), re.MULTILINE))
    yield from (f"The image sets {each}." for each in sorted(names & settings))
    for step in contents.config["history"]:
        for name, value in re.findall(r"\b([A-Z][A-Z_0-9]+)=(\S+)", step.get("created_by", "")):
            if name in settings and not STAND_IN.search(value):
                yield f"The history of the image tells {name}."


def _holds(archive: Path, secret: str) -> bool:
    with archive.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        return whole.find(secret.encode()) >= 0
