"""Builds the Dockerfile. Its two bases are made from Debian and PyPI packages, since no registry of images is asked."""

import secrets
import shutil
import subprocess
from pathlib import Path

from tools.image.podman import Podman
from tools.output import quietly
from tools.places import REQUIREMENTS, ROOT

SUITE = "bookworm"
"""That of the Dockerfile's own bases."""

IN_BASE = ("python3", "python3-venv", "python-is-python3", "ca-certificates")
UNREAD = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*")

PYTHON_BASE, NODE_BASE = "localhost/careerconnect-python", "localhost/careerconnect-node"
IMAGE = "localhost/careerconnect"

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
"""Those that this machine trusts, lent to the build: its registries may be reached through a proxy with its own."""

NODE = f"""
FROM {PYTHON_BASE}
ENV PATH=/opt/node/bin:$PATH NODE_EXTRA_CA_CERTS={CERTIFICATES}
COPY node.txt /tmp/node.txt
RUN python -m venv /opt/node && pip install --no-cache-dir --require-hashes -r /tmp/node.txt
"""

PLANTED = (
    ".env",
    ".data/secret_key",
    ".git/config",
    "accounts/.env",
    "careerconnect/settings/tls.key",
    "careerconnect/settings/tls.pem",
    "node_modules/left/behind.js",
    "static/dist/left-behind.css",
    "templates/demo/left_behind.html",
    "tests/left_behind.py",
)
"""Files that a working copy may have and the image must not. Each gets a secret that is looked for afterwards."""


def python_base(podman: Podman, place: Path) -> None:
    archive = place / "base.tar"
    options = [f"--dpkgopt=path-exclude={each}" for each in UNREAD]
    command = ["mmdebstrap", "--variant=minbase", f"--include={','.join(IN_BASE)}", *options, SUITE, str(archive)]
    quietly(command, "mmdebstrap could not make the base")
    podman.run("import", "--quiet", str(archive), PYTHON_BASE)
    archive.unlink()


def node_base(podman: Podman, place: Path) -> None:
    recipe = place / "node.Dockerfile"
    recipe.write_text(NODE)
    podman.run("build", *options(), "--file", str(recipe), "--tag", NODE_BASE, str(REQUIREMENTS))


def portal(podman: Podman, place: Path) -> str:
    """Returns the secret that was planted in the working copy and in the environment of the build."""
    context, secret = place / "context", secrets.token_urlsafe(32)
    _copy_tree(context)
    for name in PLANTED:
        (context / name).parent.mkdir(parents=True, exist_ok=True)
        (context / name).write_text(f"SECRET_KEY={secret}\n")
    bases = ["--build-arg", f"PYTHON_BASE={PYTHON_BASE}", "--build-arg", f"NODE_BASE={NODE_BASE}"]
    podman.run("build", *options(), *bases, "--tag", IMAGE, str(context), env={"SECRET_KEY": secret})
    shutil.rmtree(context)
    return secret


def options() -> list[str]:
    """Docker's format keeps HEALTHCHECK. Isolation by chroot needs no namespaces, and no network of its own."""
    lent = ["--volume", f"{CERTIFICATES}:{CERTIFICATES}:ro"] if CERTIFICATES.exists() else []
    return ["--quiet", "--isolation", "chroot", "--format", "docker", "--layers=false", *lent]


def _copy_tree(to: Path) -> None:
    """Every file that git tracks or would track, as a clone has them."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if not (ROOT / name).is_file():
            continue  # deleted, and not committed yet
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, to / name)
