"""Prepares the database for the launcher, run by the environment's Python in one process instead of four.

python -m tools.prepare_demo FILE     writes whom to sign in as into FILE
"""

import sys
import time
from pathlib import Path

import django
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.loader import MigrationLoader


def make_ready(people: Path) -> None:
    if unknown := migrations_of_another_version():
        raise SystemExit(f"it was made by another version ({unknown[0]} is unknown here): run make reset to start over")
    began = time.monotonic()
    call_command("migrate", interactive=False, verbosity=0)
    if time.monotonic() - began > 2:
        print(f"    done in {time.monotonic() - began:.0f} s", flush=True)
    available = get_commands()
    if "seed_demo" in available:
        call_command("seed_demo", "--if-empty")
    if "demo_people" in available:
        with people.open("w") as file:
            call_command("demo_people", "--brief", stdout=file)


def migrations_of_another_version() -> list[str]:
    """Migrations applied to this database that the code does not have, so that its tables are unknown."""
    loader = MigrationLoader(connection)
    ours = {app for app, _ in loader.disk_migrations}
    unknown = set(loader.applied_migrations) - set(loader.disk_migrations)
    return sorted(f"{app}.{name}" for app, name in unknown if app in ours)


if __name__ == "__main__":
    django.setup()
    make_ready(Path(sys.argv[1]))
