from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from messaging.operations.sweep_outbox import sweep_outbox


class Command(BaseCommand):
    help = "Send what waits in the outbox, without Redis or a worker. Once, or every few seconds until it is stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, metavar="SECONDS", help="keep sweeping, pausing this long")
        parser.add_argument("--heartbeat", type=Path, metavar="FILE", help="touched after every round")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            touched = sweep_outbox(seconds=60)
            if touched or options["every"] is None:
                self.stdout.write(f"{touched} looked at")
            if options["heartbeat"]:
                options["heartbeat"].touch()
            if options["every"] is None:
                return
            close_old_connections()
            time.sleep(options["every"])
