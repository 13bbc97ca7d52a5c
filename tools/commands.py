"""The short commands: reset, seed, manage, bench, lock."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tools import portal
from tools.launch import LOCK, hold_data, is_held, running
from tools.output import LauncherError, say, step
from tools.places import DATA, NODE_MODULES, PYTHON, REQUIREMENTS, ROOT, in_venv
from tools.services import Services, ThrowAwayServices
from tools.set_up import set_up
from tools.set_up_front_end import packages

LOCKS = ("runtime", "s3", "demo", "dev", "node", "deploy")


def reset() -> int:
    with hold_data("CareerConnect is running: stop it with Ctrl-C first, then reset it."):
        for each in DATA.iterdir():
            if each == LOCK or each.name == "throw-away":
                continue
            shutil.rmtree(each) if each.is_dir() and not each.is_symlink() else each.unlink()
    say("The demonstration is deleted. `make run` starts a new one.")
    if os.environ.get("DATABASE_URL"):
        say("DATABASE_URL names your own database, which was not changed.")
    return 0


def manage() -> int:
    command = shlex.split(os.environ.get("CMD", ""))
    if not command:
        raise LauncherError('Say which management command: make manage CMD="showmigrations"')
    with _demonstration() as env:
        return portal.manage(command, env).returncode


def seed() -> int:
    with _demonstration() as env:
        portal.migrate(env)
        return portal.manage(["seed_demo"], env).returncode


@contextmanager
def _demonstration() -> Iterator[dict[str, str]]:
    """Yields the environment of the portal running over .data, or starts services over the same data meanwhile."""
    if is_held():
        addresses = running().get("addresses")
        if not addresses and not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
            raise LauncherError("CareerConnect is just starting over this .data; try again when it is open.")
        yield portal.demo_environment(dict(addresses or {}))
        return
    with hold_data():
        set_up(front_end=False)
        with Services(DATA) as services:
            yield portal.demo_environment(services.addresses())


def bench() -> int:
    if not (ROOT / "bench" / "run.py").exists():
        raise LauncherError("There is nothing to measure yet: bench/run.py is missing.")
    set_up("dev")
    with ThrowAwayServices(durable=True) as services:
        env = portal.demo_environment(services.addresses())
        return subprocess.run([str(PYTHON), "-m", "bench.run", *_arguments()], cwd=ROOT, env=env).returncode


def _arguments() -> list[str]:
    return shlex.split(os.environ.get("ARGS", ""))


def lock() -> int:
    """Each lock contains the same versions as the ones before, so that `dev` includes `demo`."""
    set_up("dev", front_end=False)
    for number, name in enumerate(LOCKS):
        command = [in_venv("uv"), "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--upgrade",
                   "--generate-hashes", "--custom-compile-command", "make lock",
                   f"{name}.in", "-o", f"{name}.txt"]  # fmt: skip
        if name in ("s3", "demo", "dev"):
            command += ["-c", f"{LOCKS[number - 1]}.txt", "--no-annotate"]
        with step(f"Locking {name}"):
            if subprocess.run(command, cwd=REQUIREMENTS).returncode:
                raise LauncherError(f"requirements/{name}.in could not be locked; its lock is as it was.")
    with step("Locking the front end, and installing it from the lock"):
        (ROOT / "package-lock.json").unlink(missing_ok=True)
        if subprocess.run(["npm", "install", "--package-lock-only"], cwd=ROOT).returncode:
            raise LauncherError("package.json could not be locked.")
        shutil.rmtree(NODE_MODULES, ignore_errors=True)
        packages()
    return 0
