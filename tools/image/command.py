"""`make image`: builds the image of a real installation without a registry of images, looks inside and starts it."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tools.debian import install
from tools.image import build, contents, examples, units
from tools.image.podman import DEBIAN, Podman
from tools.output import LauncherError, say, step
from tools.places import PYTHON, ROOT
from tools.processes import dies_with_parent
from tools.set_up import set_up

MEGABYTE = 1_000_000
LARGEST = 420 * MEGABYTE
"""What the portal may add to its base. docs/installation.md says what it is."""


def image() -> int:
    if os.geteuid() != 0:
        raise LauncherError("Building the image needs root: its base is made in a folder of its own with chroot.")
    set_up("dev", front_end=False)
    for program in DEBIAN:
        if missing := install(program, [program], DEBIAN):
            raise LauncherError(f"The image cannot be built: {missing}.")
    with tempfile.TemporaryDirectory(prefix="cc-image-") as name:
        place = Path(name)
        podman = Podman(place)
        try:
            with step("Reading the manifests for Kubernetes"):
                examples.install(place)
                examples.follow_schema(place)
            size, base = _build(podman, place)
            with step("Installing the units beside a systemd"):
                units.make(podman, place)
            took = _start(place)
        finally:
            podman.remove_containers()
    say(f"The image has {size / MEGABYTE:.0f} MB, {(size - base) / MEGABYTE:.0f} MB of them beside its base.")
    say(f"Migrating an empty database took {took['migrate']} s, web was ready {took['web']} s after its start,")
    say(f"worker, beat and sweeper worked after {took['work']} s, and all stopped within {took['stop']} s.")
    return 0


def _build(podman: Podman, place: Path) -> tuple[int, int]:
    with step("Making the bases from packages"):
        build.python_base(podman, place)
        build.node_base(podman, place)
    with step("Building the image"):
        secret = build.portal(podman, place)
    archive = place / "image.tar"
    with step("Looking into the image"):
        podman.run("save", "--quiet", "--format", "docker-archive", "--output", str(archive), build.IMAGE)
        found = contents.findings(archive, secret)
        archive.unlink()
    size, base = (_size(podman, each) for each in (build.IMAGE, build.PYTHON_BASE))
    if size - base > LARGEST:
        found.append(f"The portal adds {(size - base) / MEGABYTE:.0f} MB to its base.")
    if found:
        raise LauncherError("The image is not as it should be:\n" + "\n".join(found))
    return size, base


def _size(podman: Podman, image: str) -> int:
    return int(json.loads(podman.run("image", "inspect", image).stdout)[0]["Size"])


def _start(place: Path) -> dict[str, float]:
    """In a network namespace of its own."""
    if not shutil.which("unshare"):
        raise LauncherError("Starting the image needs `unshare` (Debian's util-linux).")
    command = ["unshare", "--net", "--", str(PYTHON), "-m", "tools.image.started", str(place)]
    with step("Starting the image once"):
        if subprocess.run(dies_with_parent(command), cwd=ROOT).returncode:
            raise LauncherError("The image was built but does not work as it should; see above.")
    read: dict[str, float] = json.loads((place / "took.json").read_text())
    return read
