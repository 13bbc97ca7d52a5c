from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from foundation.process.command import OperationCommand
from retention.operations.export_alumni import write_alumni_file


class Command(OperationCommand):
    help = "Write the alumni office's file (people who agreed, and withdrawals) into a folder, ready to be fetched."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(f"{write_alumni_file(options['folder']).name} written")
        except OSError as failure:
            raise CommandError(f"It could not be written: {failure.strerror}.") from failure
