"""Starts the built image once as docker-compose.yml does, beside the test services, and stops it.

Runs in a network namespace of its own (`tools.image.command`): no port of the machine is taken, and nothing can be
fetched or sent.
"""

from __future__ import annotations

import fcntl
import http.client
import json
import re
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tools.checking import PRODUCTION
from tools.image import compose, examples
from tools.image.build import IMAGE
from tools.image.podman import Podman
from tools.output import LauncherError, say, warn
from tools.services import Services, ThrowAwayServices

HOST = urlsplit(PRODUCTION["SITE_URL"]).netloc
PORT = 8000
PARTS = ("web", "worker", "beat", "sweeper")
SOCKETS = "/run/postgresql"
LIMITS = ("--ulimit=nofile=4096:4096", "--ulimit=nproc=4096:4096")
"""By default podman asks for more than some machines allow even root."""

PATIENCE = 90
"""Seconds within which each part must work, on a machine that does other things too."""


class Portal:
    """The containers of one installation."""

    def __init__(self, podman: Podman, services: Services, place: Path) -> None:
        self.podman, self.services, self.place = podman, services, place
        self.compose = compose.services()
        self.settings = place / "filled-in.env"
        self.settings.write_text(compose.filled_in(PRODUCTION))
        (place / "feed").mkdir(exist_ok=True)
        self.here = {
            "DATABASE_URL": f"postgres://postgres@/careers?host={SOCKETS}",
            "REDIS_URL": services.addresses()["REDIS_URL"],
        }

    def start(self, name: str, *how: str) -> str:
        service = self.compose[name]
        options = [
            *compose.options(service, self.here, self.place),
            "--read-only-tmpfs=false",
            "--network=host",
            *LIMITS,
        ]
        sockets = f"--volume={self.services.sockets}:{SOCKETS}"
        given = [f"--env-file={self.settings}", f"--name={name}", sockets, *options, *how]
        return self.podman.run("run", *given, IMAGE, *compose.command(service)).stdout

    def wait_for(self, what: str, is_there: Callable[[], bool], names: tuple[str, ...]) -> None:
        until = time.monotonic() + PATIENCE
        while not is_there():
            if time.monotonic() > until:
                logs = "\n".join(f"{name}: {self.podman.logs(name)}" for name in names)
                raise LauncherError(f"{what} did not work within {PATIENCE} s.\n{logs}")
            time.sleep(0.1)


def get(path: str, scheme: str = "https", port: int = PORT) -> tuple[int, dict[str, str], bytes]:
    """Asks as the proxy does that ends TLS."""
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        wire.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": scheme})
        answer = wire.getresponse()
        return answer.status, {name.lower(): said for name, said in answer.getheaders()}, answer.read()
    finally:
        wire.close()


def answers(path: str) -> bool:
    try:
        return get(path)[0] == 200
    except (OSError, http.client.HTTPException):
        return False


def must(is_so: bool, what: str) -> None:
    if not is_so:
        raise LauncherError(f"The started image failed: {what}.")
    say(f"    ✓ {what}")


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


def is_confined(portal: Portal) -> None:
    def ask(name: str, *command: str) -> str:
        return portal.podman.in_container(name, command).stdout.strip()

    for name in PARTS:
        must(ask(name, "id", "-u") == "10001", f"{name} runs as a user of its own")
        status = ask(name, "cat", "/proc/self/status")
        rights = re.findall(r"^(?:CapEff|CapBnd):\s+0+$|^NoNewPrivs:\s+1$", status, re.MULTILINE)
        must(len(rights) == 3, f"{name} has no capability and can get none")
    for place, is_writable in (("/var/tmp", False), ("/srv/careerconnect", False), ("/srv/documents", True)):
        code = portal.podman.in_container("worker", ["touch", f"{place}/tried"]).returncode
        must((code == 0) is is_writable, f"{place} is {'' if is_writable else 'not '}writable")


@contextmanager
def installed(place: Path) -> Iterator[Portal]:
    with ThrowAwayServices() as services:
        # The portal's user in the container is not ours. Nobody else can reach this folder under `place`'s name.
        services.sockets.chmod(0o711)
        (services.sockets / ".s.PGSQL.5432").chmod(0o777)
        yield Portal(Podman(place), services, place)


def start(place: Path) -> dict[str, float]:
    """Seconds that each step took."""
    took: dict[str, float] = {}

    @contextmanager
    def timed(name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        took[name] = round(time.monotonic() - began, 1)

    with installed(place) as portal:
        with timed("migrate"):
            portal.start("migrate", "--rm")
        with timed("web"):
            portal.start("web", "--detach")
            portal.wait_for("/health/ready", lambda: answers("/health/ready"), ("web",))
        must(portal.podman.run("healthcheck", "run", "web").returncode == 0, "the image's health check passes")
        follow_pages()
        use_proxy(place)
        with timed("work"):
            for name in PARTS[1:]:
                portal.start(name, "--detach")
            portal.wait_for("/health/work", lambda: answers("/health/work"), PARTS[1:])
        for name in PARTS[1:]:
            check = compose.health_check(portal.compose[name])
            must(portal.podman.in_container(name, check).returncode == 0, f"the health check of {name} passes")
        is_confined(portal)
        check = ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
        must(portal.podman.in_container("web", check).returncode == 0, "the deployment check finds nothing")
        with timed("stop"):
            for name in PARTS:
                patience = compose.seconds_to_stop(portal.compose[name])
                began = time.monotonic()
                portal.podman.run("stop", "--time", str(patience), name)
                must(time.monotonic() - began < patience, f"{name} stops by itself when it is asked")
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
