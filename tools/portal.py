"""Runs the Django project for the launcher: its demonstration environment and its management commands."""

import os
import subprocess

from tools.launch import secret_key
from tools.output import LauncherError, last_line, say
from tools.places import DATA, PYTHON, ROOT
from tools.processes import dies_with_parent


def port() -> int:
    said = os.environ.get("PORT", "").strip() or "8000"
    if not said.isdigit() or not 0 < int(said) < 65536:
        raise LauncherError(f"PORT must be a number from 1 to 65535, not “{said}”.")
    return int(said)


def demo_environment(addresses: dict[str, str]) -> dict[str, str]:
    """For the demonstration only. A real installation has its own configuration and no launcher."""
    env = {**os.environ, **addresses, "DJANGO_SETTINGS_MODULE": "careerconnect.settings.demo", "PYTHONUNBUFFERED": "1"}
    env.setdefault("SECRET_KEY", secret_key())
    env.setdefault("DOCUMENTS_ROOT", str(DATA / "documents"))
    env.setdefault("RETENTION_ROOT", str(DATA / "retention"))  # tombstones belong to one database
    env.setdefault("SITE_URL", f"http://localhost:{port()}")
    return env


def manage(arguments: list[str], env: dict[str, str], *, quiet: bool = False) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PYTHON), "manage.py", *arguments], cwd=ROOT, env=env, text=True, capture_output=quiet, stdin=None
    )


def make_ready(env: dict[str, str]) -> str:
    """Migrates the database and creates the demonstration institution if needed; returns whom to sign in as."""
    people = DATA / "people.txt"
    people.unlink(missing_ok=True)
    say("  · Updating the tables …")
    process = subprocess.Popen(
        dies_with_parent([str(PYTHON), "-m", "tools.prepare_demo", str(people)]),
        cwd=ROOT,
        env=env,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        words = process.communicate()[1]
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if process.returncode:
        raise LauncherError(why("The demonstration could not be made ready", words))
    return people.read_text().strip() if people.exists() else ""


def migrate(env: dict[str, str]) -> None:
    done = manage(["migrate", "--no-input", "--verbosity=0"], env, quiet=True)
    if done.returncode:
        raise LauncherError(why("The database could not be brought up to date", done.stderr))


def why(failing: str, words: str) -> str:
    """The last line of a traceback, to end a sentence with; the whole output is written to a log."""
    log = DATA / "logs" / "failure.log"
    log.write_text(words)
    if "No space left" in words:
        return f"{failing}: the disk is full."
    return f"{failing}: {last_line(words)} (more in {log})"
