import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from foundation.process.deadlines import BEAT
from foundation.values.times import database_now
from messaging.models import Part
from messaging.rules.heartbeats import late_parts
from messaging.selectors import heartbeats


class Command(BaseCommand):
    help = "Checks a part. Exit code 0 if it works, 1 if it needs a restart, 2 if the database is down."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("part", choices=Part.values)

    def handle(self, *args: Any, part: str, **options: Any) -> None:
        """Checks twice: after a restart of everything, the first heartbeat may still be on its way."""
        if self.is_late(part):
            time.sleep(BEAT)
            if self.is_late(part):
                raise CommandError(f"The {part} has not been heard of lately.", returncode=1)

    def is_late(self, part: str) -> bool:
        try:
            limit = timedelta(seconds=settings.MESSAGING_STAMP_IS_OLD)
            return part in late_parts(heartbeats(), database_now(), limit)
        except Error as failure:
            raise CommandError(f"The database is away ({type(failure).__name__}).", returncode=2) from failure
