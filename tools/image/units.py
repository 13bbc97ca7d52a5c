"""The units of deploy/systemd, started by a real systemd in a container, installed as docs/installation.md says."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from tools.checking import PRODUCTION
from tools.image import build, compose
from tools.image.installed import LIMITS, PARTS, SOCKETS, Installation, get, must
from tools.image.podman import Podman
from tools.places import ROOT

IMAGE = "localhost/careerconnect-units"
NAME = "systemd"
STAMPED = ("worker", "beat", "sweeper")
FOLDERS = {name: f"/var/lib/careerconnect/{name[:-5].lower()}" for name in ("DOCUMENTS_ROOT", "RETENTION_ROOT")}
FAILING = """[Service]
ExecStart=
ExecStart=/bin/sh -c "exit 1"
"""


def enabling() -> list[str]:
    """The commands of the page."""
    return re.findall(r"^systemctl enable .+$", (ROOT / "docs" / "installation.md").read_text(), re.MULTILINE)


def make(podman: Podman, place: Path) -> None:
    """Scripts name their Python by its path, so those of the moved environment are told the new one."""
    recipe = place / "units.Dockerfile"
    moved = "/srv/careerconnect/.venv"
    recipe.write_text(f"""
FROM {build.IMAGE}
USER root
RUN apt-get -qq update && apt-get -qq install -y --no-install-recommends systemd
RUN cp -a /opt/careerconnect {moved} && sed -i 's#/opt/careerconnect#{moved}#' {moved}/bin/granian {moved}/bin/celery
COPY systemd /etc/systemd/system
RUN {" && ".join(enabling())}
HEALTHCHECK NONE
""")
    podman.run("build", *build.options(), "--file", str(recipe), "--tag", IMAGE, str(ROOT / "deploy"))


def start(installation: Installation) -> None:
    began = datetime.now(UTC).isoformat()
    file = installation.place / "units.env"
    more = "".join(f"{name}={value}\n" for name, value in {**installation.here, **FOLDERS}.items())
    file.write_text(compose.filled_in(PRODUCTION) + "\n" + more)
    how = ["--detach", f"--name={NAME}", "--systemd=always", "--privileged", "--network=host", *LIMITS]
    given = [
        f"--volume={installation.services.sockets}:{SOCKETS}",
        f"--volume={file}:/etc/careerconnect/environment:ro",
    ]
    installation.podman.run("run", *how, *given, IMAGE, "/lib/systemd/systemd")
    installation.wait_for("The units", lambda: all(stamps().get(part, "") > began for part in STAMPED), (NAME,))
    must(_states(installation) == {"active"}, "systemd has started every unit")
    for name in PARTS:
        rights = installation.podman.in_container(NAME, ["cat", f"/proc/{_pid(installation, name)}/status"]).stdout
        must("CapEff:\t0000000000000000" in rights and "Uid:\t10001" in rights, f"{name} is a user without rights")
    for name in STAMPED:
        must(_check(installation, name) == 0, f"the check of {name} passes")
    _restart(installation)
    installation.podman.in_container(NAME, ["systemctl", "stop", "careerconnect.target"])
    installation.wait_for("Stopping", lambda: _states(installation) <= {"inactive", "failed"}, (NAME,))
    must(_states(installation) == {"inactive"}, "all units stop when they are asked")


def _restart(installation: Installation) -> None:
    """A check that ends with exit code 1, as of a part without a heartbeat, starts the part anew."""
    folder = "/run/systemd/system/careerconnect-check@sweeper.service.d"
    script = f"mkdir -p {folder} && printf %s '{FAILING}' > {folder}/failing.conf && systemctl daemon-reload"
    first = _pid(installation, "sweeper")
    installation.podman.in_container(NAME, ["sh", "-c", script])
    failed = _check(installation, "sweeper")
    must(bool(failed) and _pid(installation, "sweeper") not in ("0", first), "a late part is started again")


def _check(installation: Installation, name: str) -> int:
    command = ["systemctl", "start", f"careerconnect-check@{name}.service"]
    return installation.podman.in_container(NAME, command).returncode


def _states(installation: Installation) -> set[str]:
    names = [f"careerconnect-{name}.service" for name in PARTS]
    return {*installation.podman.in_container(NAME, ["systemctl", "is-active", *names]).stdout.split()}


def _pid(installation: Installation, name: str) -> str:
    command = ["systemctl", "show", "--property", "MainPID", "--value", f"careerconnect-{name}.service"]
    return installation.podman.in_container(NAME, command).stdout.strip()


def stamps() -> dict[str, str]:
    """When each part last worked, in ISO 8601; empty while web does not answer."""
    try:
        read: dict[str, str] = json.loads(get("/health/work")[2])
    except (OSError, ValueError):
        return {}
    return read
