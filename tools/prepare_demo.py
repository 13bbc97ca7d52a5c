"""Run by the environment's Python, where Django is: everything before the doors open, in one process instead of four.

python -m tools.prepare_demo FILE     writes whom to sign in as into FILE
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import django
from django.core.management import call_command, get_commands


def make_ready(people: Path) -> None:
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


if __name__ == "__main__":
    django.setup()
    make_ready(Path(sys.argv[1]))
