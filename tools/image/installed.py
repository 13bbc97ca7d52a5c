"""An installation for a moment: the test services, the settings filled in, and containers of the built image."""

import http.client
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tools.checking import PRODUCTION
from tools.image import compose
from tools.image.build import IMAGE
from tools.image.podman import Podman
from tools.output import LauncherError, say
from tools.services import Services, ThrowAwayServices

HOST = urlsplit(PRODUCTION["SITE_URL"]).netloc
PORT = 8000
PARTS = ("web", "worker", "beat", "sweeper")
SOCKETS = "/run/postgresql"
LIMITS = ("--ulimit=nofile=4096:4096", "--ulimit=nproc=4096:4096")
"""By default podman asks for more than some machines allow even root."""

PATIENCE = 90
"""Seconds within which each part must work, on a machine that does other things too."""


class Installation:
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


@contextmanager
def installed(place: Path) -> Iterator[Installation]:
    with ThrowAwayServices() as services:
        # The portal's user in the container is not ours. Nobody else can reach this folder under `place`'s name.
        services.sockets.chmod(0o711)
        (services.sockets / ".s.PGSQL.5432").chmod(0o777)
        yield Installation(Podman(place), services, place)
