"""Watches the running portal: restarts what has stopped or hangs, and tells the person."""

import http.client
import json
import os
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tools.output import LauncherError, say, warn
from tools.places import DATA
from tools.processes import Child, dies_with_parent
from tools.services import Services

TOO_OFTEN = 5  # restarts of one process within a minute
LOOK_EVERY = 0.5
ASK_EVERY = 5.0
SILENT_FOR = 6  # checks in a row without an answer
YOUNG = 40.0  # seconds in which an old heartbeat of a newly started part is ignored
TRY_AGAIN = 5.0


@dataclass(frozen=True)
class Reply:
    """`said` is None if the answer is not a JSON object: the portal's page for an unreachable database."""

    status: int
    said: Mapping[str, Any] | None


def ask(host: str, port: int, path: str) -> Reply | None:
    """None if nothing answered within five seconds."""
    wire = http.client.HTTPConnection(host, port, timeout=5)
    try:
        wire.request("GET", path)
        answer = wire.getresponse()
        body = answer.read(100_000)
    except (OSError, http.client.HTTPException):
        return None
    finally:
        wire.close()
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    return Reply(answer.status, said if isinstance(said, dict) else None)


def start(name: str, command: list[str], env: dict[str, str], *, fresh_log: bool = False) -> Child:
    log = DATA / "logs" / f"{name}.log"
    if fresh_log and log.exists():
        log.replace(log.with_suffix(".previous.log"))
    return Child(name, dies_with_parent(command), env=env, cwd=Path(__file__).parent.parent, log=log)


class Watch:
    def __init__(
        self,
        children: dict[str, Child],
        commands: dict[str, list[str]],
        env: dict[str, str],
        services: Services,
        ask_about_work: Callable[[], Reply | None],
    ) -> None:
        self.children, self.commands, self.env, self.services = children, commands, env, services
        self.ask_about_work = ask_about_work
        now = time.monotonic()
        self.deaths: dict[str, list[float]] = {name: [] for name in children}
        self.since: dict[str, float] = dict.fromkeys(children, now)
        self.silent = {"web": 0, "PostgreSQL": 0, "Valkey": 0}
        self.told: dict[str, str] = {}
        self.not_before: dict[str, float] = {}
        self.asked_at = now

    def go_on(self) -> None:
        while True:
            time.sleep(LOOK_EVERY)
            self.look()
            if time.monotonic() - self.asked_at >= ASK_EVERY:
                self.ask()
                self.asked_at = time.monotonic()

    def look(self) -> None:
        """Restarts what has died; services first, because the other parts need them."""
        for name, service in (("PostgreSQL", self.services.postgres), ("Valkey", self.services.valkey)):
            if service and service.child and not service.child.alive:
                self.start_service_again(name, f"{name} stopped and is started again; see {service.log}.")
        for name, child in self.children.items():
            if not child.alive:
                self.start_part_again(name, f"The {name} stopped and is started again; see {child.log}.")

    def ask(self) -> None:
        """Restarts what hangs: running, but not working."""
        answer = self.ask_about_work()
        if self.is_silent("web", answer is None):
            self.start_part_again("web", "The web server answers nothing and is started again.")
        if self.is_silent("PostgreSQL", answer is not None and answer.said is None):
            self.database_hangs()
        late = (answer.said or {}).get("late", ()) if answer else ()
        for name in late:
            if name in self.children and time.monotonic() - self.since[name] > YOUNG:
                self.start_part_again(name, f"The {name} has done nothing for a while and is started again.")
        self.ask_redis()

    def is_silent(self, name: str, now: bool) -> bool:
        """Whether it has been silent for too long; resets the count if so."""
        self.silent[name] = self.silent[name] + 1 if now else 0
        if self.silent[name] < SILENT_FOR:
            return False
        self.silent[name] = 0
        return True

    def database_hangs(self) -> None:
        if self.services.postgres:
            self.start_service_again("PostgreSQL", "PostgreSQL does not answer and is started again.")
        else:
            self.tell("DATABASE_URL", "The database that DATABASE_URL names does not answer. The portal waits for it.")

    def ask_redis(self) -> None:
        if self.services.valkey:
            if self.is_silent("Valkey", not self.services.valkey.answers(1)):
                self.start_service_again("Valkey", "Valkey does not answer and is started again.")
        elif self.is_silent("Valkey", not _is_reachable(os.environ.get("REDIS_URL", ""))):
            self.tell("REDIS_URL", "The Redis that REDIS_URL names does not answer. Messages go out a little later.")

    def start_service_again(self, name: str, words: str) -> None:
        """Tries until it starts, because nothing works without it and a full disk may be cleared."""
        service = self.services.postgres if name == "PostgreSQL" else self.services.valkey
        if service is None or time.monotonic() < self.not_before.get(name, 0.0):
            return
        self.tell(name, words)
        try:
            service.start_again()
        except LauncherError as sorry:
            self.tell(f"{name} again", str(sorry))
            self.not_before[name] = time.monotonic() + TRY_AGAIN
            return
        say(f"{name} runs again.")
        self.told.pop(name, None)
        self.told.pop(f"{name} again", None)

    def start_part_again(self, name: str, words: str) -> None:
        now, child = time.monotonic(), self.children[name]
        self.deaths[name] = [at for at in self.deaths[name] if now - at < 60] + [now]
        if len(self.deaths[name]) >= TOO_OFTEN:
            raise LauncherError(f"The {name} keeps stopping; its last words are in {child.log}.")
        warn(words)
        child.stop(0)
        self.children[name] = start(name, self.commands[name], self.env)
        self.since[name] = now

    def tell(self, about: str, words: str) -> None:
        """Prints a message once."""
        if self.told.get(about) != words:
            warn(words)
        self.told[about] = words


def _is_reachable(url: str) -> bool:
    address = urlsplit(url)
    try:
        with socket.create_connection((address.hostname or "127.0.0.1", address.port or 6379), timeout=2):
            return True
    except OSError:
        return False
