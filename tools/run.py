"""`make run`: the portal with everything it needs, until Ctrl-C."""

from __future__ import annotations

import http.client
import os
import socket
import time
from pathlib import Path

from tools import portal
from tools.launch import hold_data, write_down
from tools.places import DATA, PYTHON, in_venv
from tools.processes import Child, dies_with_parent
from tools.says import Sorry, complain, say, step
from tools.services import Services
from tools.set_up import set_up
from tools.set_up_python import require_room

TOO_OFTEN = 5  # restarts of one process within a minute
ROOM_NEEDED = 200 * 1024 * 1024


def run() -> int:
    port = portal.port()
    require_free_port(port)
    with hold_data() as launch:
        say("CareerConnect is getting ready.")
        require_room(DATA, ROOM_NEEDED)
        set_up()
        first = not (DATA / "postgres" / "PG_VERSION").exists()
        with step("Creating the database" if first else "Starting the database"):
            services = Services(DATA)
            write_down(launch, services.sockets, {})
            services.__enter__()
        try:
            write_down(launch, services.sockets, services.addresses())
            env = portal.demo_environment(services.addresses())
            serve(port, env, portal.make_ready(env))
        finally:
            say("\nStopping …")
            services.stop()
    return 0


def require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host(), port))
        except PermissionError:
            raise Sorry(f"Port {port} needs root; choose one above 1023: PORT=8001 make run") from None
        except (OverflowError, socket.gaierror):
            raise Sorry(f"HOST “{host()}” is not an address of this machine.") from None
        except OSError:
            raise Sorry(f"Port {port} is taken by another program; choose another: PORT={port + 1} make run") from None


def host() -> str:
    """This machine only, unless told otherwise: the demonstration shows its passwords."""
    return os.environ.get("HOST", "").strip() or "127.0.0.1"


def parts(port: int, env: dict[str, str]) -> list[tuple[str, list[str]]]:
    web = [in_venv("granian"), "--interface", "wsgi", "--host", host(), "--port", str(port), "--workers", "2"]
    web += ["--blocking-threads", "4", "--backlog", "256", "--respawn-failed-workers", "--workers-kill-timeout", "5"]
    web += ["--no-ws", "--log-level", "warning", "careerconnect.wsgi:application"]
    celery = [in_venv("celery"), "-A", "careerconnect.celery:app"]
    worker = [*celery, "worker", "-P", "prefork", "-c", "1", "--loglevel", "warning"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    beat = [*celery, "beat", "--loglevel", "warning", "--schedule", str(DATA / "beat-schedule"), "--pidfile="]
    sweeper = [str(PYTHON), "manage.py", "sweep_outbox", "--every", "30"]  # needs no Redis: mail goes out without it
    return [("web", web), ("worker", worker), ("beat", beat), ("sweeper", sweeper)]


def serve(port: int, env: dict[str, str], people: str) -> None:
    children: dict[str, Child] = {}
    commands = dict(parts(port, env))
    try:
        with step("Opening the doors"):
            children["web"] = start("web", commands["web"], env, fresh_log=True)
            wait_until_open(port, children["web"])
            for name in ("worker", "beat", "sweeper"):  # they would only slow the doors down
                children[name] = start(name, commands[name], env, fresh_log=True)
        say(f"\nCareerConnect is open: http://localhost:{port}\n")
        if people:
            say(people + "\n")
        say("Ctrl-C stops it. Data stay in .data; `make reset` starts over.")
        watch(children, commands, env)
    finally:
        for child in children.values():
            child.ask_to_stop()
        for child in children.values():
            child.stop()


def start(name: str, command: list[str], env: dict[str, str], *, fresh_log: bool = False) -> Child:
    log = DATA / "logs" / f"{name}.log"
    if fresh_log and log.exists():
        log.replace(log.with_suffix(".previous.log"))
    return Child(name, dies_with_parent(command), env=env, cwd=Path(__file__).parent.parent, log=log)


def wait_until_open(port: int, web: Child, patience: float = 60) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if not web.alive:
            raise Sorry(f"The web server stopped while starting; its last words are in {web.log}.")
        try:
            wire = http.client.HTTPConnection("127.0.0.1" if host() == "0.0.0.0" else host(), port, timeout=5)
            wire.request("GET", "/health/live")
            if wire.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise Sorry(f"The web server did not answer within {patience:.0f} s; see {web.log}.")


def watch(children: dict[str, Child], commands: dict[str, list[str]], env: dict[str, str]) -> None:
    """Starts again what has died; gives up on what dies again and again."""
    deaths: dict[str, list[float]] = {name: [] for name in children}
    while True:
        time.sleep(0.5)
        for name, child in children.items():
            if child.alive:
                continue
            now = time.monotonic()
            deaths[name] = [at for at in deaths[name] if now - at < 60] + [now]
            if len(deaths[name]) >= TOO_OFTEN:
                raise Sorry(f"The {name} keeps stopping; its last words are in {child.log}.")
            complain(f"The {name} stopped and is started again; see {child.log}.")
            child.stop(0)
            children[name] = start(name, commands[name], env)
