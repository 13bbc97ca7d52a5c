"""The examples of deploy/: the same processes as in docker-compose.yml, with the same settings and few rights.

`make image` has Kubernetes' schema and nginx read them, sends requests through nginx, and starts the units under a real
systemd. No cluster has run the manifests.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from accounts.policy.registry import SETTINGS
from tests.tools.test_compose import PORTAL, ROOT, read_by_settings, sample, words_of
from tools.image import units

DEPLOY = ROOT / "deploy"
UNITS, MANIFESTS = DEPLOY / "systemd", DEPLOY / "kubernetes"
STAMPED = ("worker", "beat", "sweeper")
LARGEST_EXPOSURE = 20
"""In tenths, of what `systemd-analyze security` calls the exposure of a service: up to 2.0."""


def composed(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"][name])


# --- systemd ---


def unit(name: str) -> ConfigParser:
    read = ConfigParser(interpolation=None, strict=True)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(UNITS / name)
    return read


def of_container(words: list[str]) -> list[str]:
    """A unit's command as the container has it: other folders, and web listens to its proxy only."""
    program = words[0].removeprefix("/srv/careerconnect/.venv/bin/")
    swapped = {"127.0.0.1": "0.0.0.0", "/run/careerconnect/beat-schedule": "/tmp/beat-schedule"}  # noqa: S104, S108
    return [program, *(swapped.get(each, each).replace("%%", "%") for each in words[1:])]


@pytest.mark.parametrize("name", PORTAL)
def test_units_start_what_compose_starts(name: str) -> None:
    words = shlex.split(unit(f"careerconnect-{name}.service")["Service"]["ExecStart"])
    assert of_container(words) == words_of(composed(name))
    assert unit(f"careerconnect-{name}.service")["Service"]["Restart"] == "always"


def test_there_is_a_unit_for_every_process_and_no_other() -> None:
    services = {each.name for each in UNITS.glob("*.service")}
    assert services == {*(f"careerconnect-{name}.service" for name in PORTAL), "careerconnect-check@.service"}


def test_the_page_enables_every_unit() -> None:
    """With the very commands that `make image` uses."""
    enabled = " ".join(units.enabling()).split()
    expected = {"careerconnect.target", *(f"careerconnect-{name}.service" for name in PORTAL)}
    assert {each for each in enabled if each.startswith("careerconnect")} == expected | {
        f"careerconnect-check@{name}.timer" for name in STAMPED
    }


def test_worker_has_the_same_time_to_stop_everywhere() -> None:
    given = composed("worker")["stop_grace_period"].removesuffix("s")
    assert unit("careerconnect-worker.service")["Service"]["TimeoutStopSec"] == given
    assert str(pod("worker")["terminationGracePeriodSeconds"]) == given


def test_unit_checks_the_heartbeat_as_compose_does() -> None:
    service = unit("careerconnect-check@.service")["Service"]
    assert service["ExecStart"].endswith("/python manage.py check_heartbeat %i")
    every = unit("careerconnect-check@.timer")["Timer"]["OnUnitInactiveSec"]
    assert {composed(name)["healthcheck"]["interval"] for name in STAMPED} == {f"{every}s"}


@pytest.mark.parametrize(("code", "restarted"), [("0", False), ("1", True), ("2", False)])
def test_only_a_late_heartbeat_restarts_a_unit(tmp_path: Path, code: str, restarted: bool) -> None:
    """Runs the unit's command with `systemctl` replaced."""
    shell, flag, script = shlex.split(unit("careerconnect-check@.service")["Service"]["ExecStopPost"])
    assert (shell, flag) == ("+/bin/sh", "-c")
    (tmp_path / "systemctl").write_text('#!/bin/sh\necho "$@" > "${0%/*}/asked"\n')
    (tmp_path / "systemctl").chmod(0o755)
    words = script.replace("$$", "$").replace("%i", "worker")
    subprocess.run(["/bin/sh", "-c", words], env={"PATH": f"{tmp_path}:/usr/bin:/bin", "EXIT_STATUS": code}, check=True)
    assert (tmp_path / "asked").exists() is restarted
    if restarted:
        assert (tmp_path / "asked").read_text().split() == ["restart", "careerconnect-worker.service"]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A root folder with the units, and programs of the names that they start."""
    shutil.copytree(UNITS, tmp_path / "etc" / "systemd" / "system")
    named = re.findall(
        r"^Exec\w+=\+?(/\S+)", "\n".join(each.read_text() for each in UNITS.glob("*.service")), re.MULTILINE
    )
    for each in named:
        (tmp_path / each[1:]).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / each[1:]).write_text("#!/bin/sh\n")
        (tmp_path / each[1:]).chmod(0o755)
    for each in ("basic", "multi-user", "network-online", "shutdown", "sysinit", "timers"):
        (tmp_path / "etc" / "systemd" / "system" / f"{each}.target").write_text("[Unit]\n")
    return tmp_path


with_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="this machine has no systemd-analyze")


@with_systemd
def test_systemd_reads_every_unit_without_a_word(installed: Path) -> None:
    names = [f"careerconnect-{name}.service" for name in PORTAL]
    names += [f"careerconnect-check@{name}.{kind}" for name in STAMPED for kind in ("service", "timer")]
    command = ["systemd-analyze", "verify", f"--root={installed}", "--man=no", "careerconnect.target", *names]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@with_systemd
@pytest.mark.parametrize("name", [*PORTAL, "check@worker"])
def test_units_have_few_rights(installed: Path, name: str) -> None:
    command = ["systemd-analyze", "security", "--offline=true", f"--root={installed}", "--no-pager"]
    done = subprocess.run(
        [*command, f"--threshold={LARGEST_EXPOSURE}", f"careerconnect-{name}.service"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-300:] + done.stderr


def test_units_take_their_settings_from_one_file_and_set_none() -> None:
    shared = UNITS / "careerconnect-.service.d" / "portal.conf"
    assert "EnvironmentFile=/etc/careerconnect/environment" in shared.read_text().splitlines()
    for each in (shared, *UNITS.glob("*.service")):
        assert not re.search(r"^Environment=", each.read_text(), re.MULTILINE), each.name


def test_units_let_the_reader_of_uploads_leave_the_network() -> None:
    """It asks the kernel for a user and a network namespace: documents/inspection/child.py."""
    shared = (UNITS / "careerconnect-.service.d" / "portal.conf").read_text()
    assert re.findall(r"^RestrictNamespaces=(.*)$", shared, re.MULTILINE) == ["user net"]


# --- the proxy ---


def test_proxy_accepts_the_largest_document() -> None:
    """Through nginx itself the example is tried by `make image`."""
    words = (DEPLOY / "nginx" / "careerconnect.conf").read_text()
    [most] = re.findall(r"client_max_body_size (\d+)m;", words)
    assert int(most) > SETTINGS["document_megabytes"].most
    assert len(re.findall(r"^ +access_log off;$", words, re.MULTILINE)) == words.count("server_name")


# --- Kubernetes ---


def manifests() -> list[dict[str, Any]]:
    files = sorted(each for each in MANIFESTS.glob("*.yaml") if each.name != "kustomization.yaml")
    return [each for file in files for each in yaml.safe_load_all(file.read_text())]


def controller(name: str) -> dict[str, Any]:
    [found] = [
        each
        for each in manifests()
        if each["metadata"]["name"] == f"careerconnect-{name}" and "template" in each["spec"]
    ]
    return found


def pod(name: str) -> dict[str, Any]:
    return dict(controller(name)["spec"]["template"]["spec"])


def container(name: str) -> dict[str, Any]:
    [found] = pod(name)["containers"]
    return dict(found)


@pytest.mark.parametrize("name", ["migrate", *PORTAL])
def test_pods_start_what_compose_starts_with_as_few_rights(name: str) -> None:
    found = container(name)
    assert found["command"] == words_of(composed(name))
    assert "args" not in found
    assert found["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": composed(name)["read_only"],
        "capabilities": {"drop": composed(name)["cap_drop"]},
    }
    assert pod(name)["securityContext"]["runAsNonRoot"] is True
    assert pod(name)["automountServiceAccountToken"] is False
    [user] = re.findall(r"useradd --uid (\d+)", (ROOT / "Dockerfile").read_text())
    assert str(pod(name)["securityContext"]["runAsUser"]) == user
    assert [each["mountPath"] for each in found["volumeMounts"]] == composed(name)["tmpfs"]
    assert {*found["resources"]["requests"]} == {"cpu", "memory"}
    assert "memory" in found["resources"]["limits"]


@pytest.mark.parametrize("name", ["migrate", *PORTAL])
def test_pods_have_no_settings_but_those_of_the_secret(name: str) -> None:
    assert container(name)["envFrom"] == [{"secretRef": {"name": "careerconnect"}}]
    assert "env" not in container(name)
    assert not [each for each in manifests() if each["kind"] in ("Secret", "ConfigMap")]


@pytest.mark.parametrize("name", STAMPED)
@pytest.mark.parametrize(("code", "restarted"), [(0, False), (1, True), (2, False)])
def test_only_a_late_heartbeat_restarts_a_pod(name: str, code: int, restarted: bool) -> None:
    shell, flag, words = container(name)["livenessProbe"]["exec"]["command"]
    assert words.startswith(f"python manage.py check_heartbeat {name};")
    done = subprocess.run([shell, flag, f"python() {{ return {code}; }}; {words}"])
    assert (done.returncode != 0) is restarted


def test_only_one_beat_runs_at_a_time() -> None:
    assert controller("beat")["spec"]["replicas"] == 1
    assert controller("beat")["spec"]["strategy"] == {"type": "Recreate"}


def test_probes_ask_for_the_host_that_the_ingress_has() -> None:
    """The portal answers to no other, so a probe by address would end it."""
    [ingress] = [each for each in manifests() if each["kind"] == "Ingress"]
    hosts = {*ingress["spec"]["tls"][0]["hosts"], ingress["spec"]["rules"][0]["host"]}
    probes = {name: container("web")[f"{name}Probe"]["httpGet"] for name in ("startup", "readiness", "liveness")}
    for each in probes.values():
        hosts |= {header["value"] for header in each["httpHeaders"] if header["name"] == "Host"}
        assert each["httpHeaders"]
    assert len(hosts) == 1
    assert {name: each["path"] for name, each in probes.items()} == {
        "startup": "/health/ready",
        "readiness": "/health/ready",
        "liveness": "/health/live",  # a database that is away is no reason to restart
    }


def test_every_manifest_is_applied() -> None:
    kustomization = yaml.safe_load((MANIFESTS / "kustomization.yaml").read_text())
    applied = {*kustomization["resources"], "kustomization.yaml"}
    assert applied == {each.name for each in MANIFESTS.iterdir()}
    assert {container(name)["image"] for name in ("migrate", *PORTAL)} == {kustomization["images"][0]["name"]}


def test_parts_of_the_manifests_find_one_another() -> None:
    for each in manifests():
        spec = each["spec"]
        if each["kind"] == "Deployment":
            assert spec["selector"]["matchLabels"] == spec["template"]["metadata"]["labels"]
    labels = controller("web")["spec"]["template"]["metadata"]["labels"]
    [service] = [each for each in manifests() if each["kind"] == "Service"]
    [budget] = [each for each in manifests() if each["kind"] == "PodDisruptionBudget"]
    assert service["spec"]["selector"] == budget["spec"]["selector"]["matchLabels"] == labels
    assert service["spec"]["ports"][0]["targetPort"] == container("web")["ports"][0]["name"]


# --- what the page says ---

DOCS = (ROOT / "docs" / "installation.md").read_text()


def test_units_and_manifests_that_the_page_names_exist() -> None:
    named = set(re.findall(r"\bdeploy/[\w./@-]*\w", DOCS))
    assert named
    assert [each for each in sorted(named) if not (ROOT / each).exists()] == []
    started = set(re.findall(r"\bcareerconnect-([a-z]+)\.service", DOCS))
    assert started <= {*PORTAL}


def test_commands_of_the_page_name_what_exists() -> None:
    assert set(re.findall(r"manage\.py (\w+)", DOCS)) <= {*get_commands()}
    assert set(re.findall(r"docker compose exec (\w+)", DOCS)) == {"web"}
    named = set(re.findall(r"\b(job|deployment)[ /](careerconnect-\w+)", DOCS))
    assert named == {("job", "careerconnect-migrate"), ("deployment", "careerconnect-web")}
    assert {(each["kind"].lower(), each["metadata"]["name"]) for each in manifests()} >= named
    secrets = set(re.findall(r"create secret (?:generic|tls) ([\w-]+)", DOCS))
    [ingress] = [each for each in manifests() if each["kind"] == "Ingress"]
    assert secrets == {"careerconnect", ingress["spec"]["tls"][0]["secretName"]}


def test_what_kubernetes_needs_is_in_the_sample() -> None:
    """There is no folder that pods share, so uploads are in S3."""
    said = set(re.findall(r"`([A-Z][A-Z_0-9]+)`", DOCS.partition("## With Kubernetes")[2].partition("\n## ")[0]))
    assert {"DOCUMENTS_S3_BUCKET", "DATABASE_URL", "REDIS_URL"} <= said <= {name for name, _ in sample()}
    assert said <= read_by_settings()
