import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from queries.operations.receive_email import receive_email


class Command(BaseCommand):
    help = "Takes one e-mail in, as a mail server hands it over: FILE.eml, or - for standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["file"]
        try:
            raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror}.") from error
        email = receive_email(raw=raw)
        self.stdout.write(f"{email.get_handling_display()}{f': {email.reason}' if email.reason else ''}.")
