"""Starts the built image once as docker-compose.yml does, beside the test services, and stops it.

Runs in a network namespace of its own (`tools.image.command`): no port of the machine is taken, and nothing can be
fetched or sent.
"""

import fcntl
import json
import re
import socket
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.image import compose, examples, units
from tools.image.installed import HOST, PARTS, Installation, answers, get, installed, must
from tools.output import LauncherError, warn


def follow_pages() -> None:
    must(get("/", "http")[0] == 301, "a page asked for without TLS leads to TLS")
    status, headers, page = get("/accounts/login/")
    must(status == 200, "the sign-in page opens")
    must("'unsafe-inline'" not in headers["content-security-policy"], "its policy allows no inline script or style")
    files = sorted(set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page.decode())))
    must(any(each.endswith(".css") for each in files) and any(each.endswith(".js") for each in files), "it has files")
    for each in files:
        status, headers, body = get(each)
        must(status == 200 and bool(body) and "immutable" in headers["cache-control"], f"{each} is served for good")


def use_proxy(place: Path) -> None:
    """Opens a page through the proxy example and sends a form, as a browser does."""
    with examples.proxy(place, HOST) as trusted:
        plain = get("/accounts/login/?a=1", port=80)
        must(plain[1].get("location") == f"https://{HOST}/accounts/login/?a=1", "the proxy leads to TLS")
        wire = examples.through(trusted, HOST)
        wire.request("GET", "/accounts/login/")
        page = wire.getresponse()
        token, cookie = form_token(page.read().decode()), (page.getheader("Set-Cookie") or "").partition(";")[0]
        must(page.status == 200 and cookie.startswith("__Host-csrftoken="), "the sign-in page opens through the proxy")
        sent = {"Cookie": cookie, "Origin": f"https://{HOST}", "Content-Type": "application/x-www-form-urlencoded"}
        wire.request("POST", "/accounts/login/", f"csrfmiddlewaretoken={token}&login=a&password=b", sent)
        must(wire.getresponse().status == 200, "a form sent through the proxy is read, and not refused as forged")


def form_token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    must(found is not None, "the sign-in page has a form")
    return found[1] if found else ""


def is_confined(installation: Installation) -> None:
    def ask(name: str, *command: str) -> str:
        return installation.podman.in_container(name, command).stdout.strip()

    for name in PARTS:
        must(ask(name, "id", "-u") == "10001", f"{name} runs as a user of its own")
        status = ask(name, "cat", "/proc/self/status")
        rights = re.findall(r"^(?:CapEff|CapBnd):\s+0+$|^NoNewPrivs:\s+1$", status, re.MULTILINE)
        must(len(rights) == 3, f"{name} has no capability and can get none")
    for place, is_writable in (("/var/tmp", False), ("/srv/careerconnect", False), ("/srv/documents", True)):
        code = installation.podman.in_container("worker", ["touch", f"{place}/tried"]).returncode
        must((code == 0) is is_writable, f"{place} is {'' if is_writable else 'not '}writable")


def start(place: Path) -> dict[str, float]:
    """Seconds that each step took."""
    took: dict[str, float] = {}

    @contextmanager
    def timed(name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        took[name] = round(time.monotonic() - began, 1)

    with installed(place) as installation:
        with timed("migrate"):
            installation.start("migrate", "--rm")
        with timed("web"):
            installation.start("web", "--detach")
            installation.wait_for("/health/ready", lambda: answers("/health/ready"), ("web",))
        must(installation.podman.run("healthcheck", "run", "web").returncode == 0, "the image's health check passes")
        follow_pages()
        use_proxy(place)
        with timed("work"):
            for name in PARTS[1:]:
                installation.start(name, "--detach")
            installation.wait_for("/health/work", lambda: answers("/health/work"), PARTS[1:])
        for name in PARTS[1:]:
            check = compose.health_check(installation.compose[name])
            must(installation.podman.in_container(name, check).returncode == 0, f"the health check of {name} passes")
        is_confined(installation)
        check = ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
        must(installation.podman.in_container("web", check).returncode == 0, "the deployment check finds nothing")
        with timed("stop"):
            for name in PARTS:
                patience = compose.seconds_to_stop(installation.compose[name])
                began = time.monotonic()
                installation.podman.run("stop", "--time", str(patience), name)
                must(time.monotonic() - began < patience, f"{name} stops by itself when it is asked")
        with timed("units"):
            units.start(installation)
    return took


def bring_up_loopback() -> None:
    set_flags, is_up = 0x8914, 0x1
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sh", b"lo", is_up))


def main() -> int:
    place = Path(sys.argv[1])
    bring_up_loopback()
    try:
        (place / "took.json").write_text(json.dumps(start(place)))
    except LauncherError as sorry:
        warn(f"Sorry: {sorry}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
