import logging
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections

from foundation.db.pooler import require_usable_pooler
from foundation.process.deadlines import SWEEPER_ROUND
from messaging.models import Part
from messaging.operations.record_heartbeat import record_heartbeat
from messaging.operations.sweep_outbox import sweep_outbox

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Sends waiting messages, without Redis or a worker: once, or every few seconds until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, metavar="SECONDS", help="keep sweeping, pausing this long")

    def handle(self, *args: Any, **options: Any) -> None:
        require_usable_pooler()
        if options["every"] is None:
            self.stdout.write(f"{sweep_outbox(seconds=60)} looked at")
            return
        while True:
            self.sweep()
            close_old_connections()
            time.sleep(options["every"])

    def sweep(self) -> None:
        """Waits for an unreachable database: if the process exited, it would only be restarted."""
        try:
            touched = sweep_outbox(seconds=SWEEPER_ROUND)
            record_heartbeat(Part.SWEEPER)
        except Error as failure:
            logger.warning("the outbox could not be swept: %s", type(failure).__name__)
            return
        if touched:
            self.stdout.write(f"{touched} looked at")
