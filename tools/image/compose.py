"""The portal's services of docker-compose.yml as options of podman, so that they are tried as they are written."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tools.output import LauncherError
from tools.places import ROOT

WITHOUT_EFFECT = {"build", "image", "restart", "depends_on", "healthcheck", "ports", "stop_grace_period", "env_file"}
"""What `tools.image.started` does itself, or what one start cannot show."""


def services() -> dict[str, dict[str, Any]]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return {name: each for name, each in read["services"].items() if "build" in each}


def options(service: Mapping[str, Any], here: Mapping[str, str], beside: Path) -> Iterator[str]:
    """`here` replaces the addresses of the other services; `beside` is the folder of the compose file."""
    for key, value in service.items():
        if key in ("read_only", "init"):
            yield f"--{key.replace('_', '-')}={str(value).lower()}"
        elif key == "tmpfs":
            yield from (f"--tmpfs={each}" for each in value)
        elif key == "cap_drop":
            yield from (f"--cap-drop={each}" for each in value)
        elif key == "security_opt":
            yield from (f"--security-opt={each.removesuffix(':true')}" for each in value)
        elif key == "volumes":
            yield from (f"--volume={re.sub(r'^[.]/', f'{beside}/', each)}" for each in value)
        elif key == "environment":
            yield from (f"--env={name}={here.get(name, given)}" for name, given in value.items())
        elif key not in {*WITHOUT_EFFECT, "command"}:
            raise LauncherError(
                f"docker-compose.yml has `{key}`, which `make image` cannot try: tools/image/compose.py."
            )


def command(service: Mapping[str, Any]) -> list[str]:
    return [str(each) for each in service.get("command", [])]


def health_check(service: Mapping[str, Any]) -> list[str]:
    kind, words = service["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    return ["sh", "-c", words.replace("$$", "$")]


def seconds_to_stop(service: Mapping[str, Any]) -> int:
    return int(service.get("stop_grace_period", "10s").removesuffix("s"))


def filled_in(values: Mapping[str, str]) -> str:
    """environment.sample with the values that it needs, as an installation fills it in."""
    sample = (ROOT / "environment.sample").read_text()
    for name, value in values.items():
        line = f"{name}={value}".replace("\\", r"\\")
        sample = re.sub(rf"^{name}=.*$", line, sample, flags=re.MULTILINE)
    return sample
