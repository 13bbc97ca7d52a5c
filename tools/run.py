"""`make run`: the portal with all its services, until Ctrl-C."""

import os
import socket
import time

from tools import portal
from tools.launch import hold_data, write_down
from tools.output import LauncherError, say, step
from tools.places import DATA, PYTHON, in_venv
from tools.processes import Child
from tools.services import Services
from tools.set_up import set_up
from tools.set_up_python import require_room
from tools.watching import Watch, ask, start

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
            serve(port, env, portal.make_ready(env), services)
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
            raise LauncherError(f"Port {port} needs root; choose one above 1023: PORT=8001 make run") from None
        except (OverflowError, socket.gaierror):
            raise LauncherError(f"HOST “{host()}” is not an address of this machine.") from None
        except OSError:
            raise LauncherError(
                f"Port {port} is taken by another program; choose another: PORT={port + 1} make run"
            ) from None


def host() -> str:
    """Only this machine by default, because the demonstration shows its passwords."""
    return os.environ.get("HOST", "").strip() or "127.0.0.1"


def parts(port: int, env: dict[str, str]) -> list[tuple[str, list[str]]]:
    web = [in_venv("granian"), "--interface", "wsgi", "--host", host(), "--port", str(port), "--workers", "2"]
    web += ["--blocking-threads", "4", "--backlog", "256", "--respawn-failed-workers", "--workers-kill-timeout", "5"]
    web += ["--no-ws", "--log-level", "warning", "careerconnect.wsgi:application"]
    celery = [in_venv("celery"), "-A", "careerconnect.celery:app"]
    worker = [*celery, "worker", "-P", "prefork", "-c", "4", "--loglevel", "warning"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    beat = [*celery, "beat", "--loglevel", "warning", "--schedule", str(DATA / "beat-schedule"), "--pidfile="]
    sweeper = [str(PYTHON), "manage.py", "sweep_outbox", "--every", "10"]  # needs no Redis: sends email without it
    return [("web", web), ("worker", worker), ("beat", beat), ("sweeper", sweeper)]


def asked_at() -> str:
    return "127.0.0.1" if host() == "0.0.0.0" else host()


def serve(port: int, env: dict[str, str], people: str, services: Services) -> None:
    children: dict[str, Child] = {}
    commands = dict(parts(port, env))
    try:
        with step("Starting the portal"):
            children["web"] = start("web", commands["web"], env, fresh_log=True)
            wait_until_open(port, children["web"])
            for name in ("worker", "beat", "sweeper"):  # started afterwards, because they would delay the web server
                children[name] = start(name, commands[name], env, fresh_log=True)
        say(f"\nCareerConnect is open: http://localhost:{port}\n")
        if people:
            say(people + "\n")
        say("Ctrl-C stops it. Your data stays in .data. `make reset` starts over.")
        Watch(children, commands, env, services, lambda: ask(asked_at(), port, "/health/work")).go_on()
    finally:
        for child in children.values():
            child.ask_to_stop()
        for child in children.values():
            child.stop()


def wait_until_open(port: int, web: Child, patience: float = 60) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if not web.alive:
            raise LauncherError(f"The web server stopped while starting; its last words are in {web.log}.")
        answer = ask(asked_at(), port, "/health/live")
        if answer is not None and answer.status == 200:
            return
        time.sleep(0.1)
    raise LauncherError(f"The web server did not answer within {patience:.0f} s; see {web.log}.")
