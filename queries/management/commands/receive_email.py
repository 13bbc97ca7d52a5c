import logging
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from queries.operations.receive_email import receive_email

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Takes one email in, as a mail server hands it over: FILE.eml, or - for standard input. Exits with 75 "
        "(EX_TEMPFAIL of sysexits.h) where it cannot be kept now, so that the mail server keeps it and tries again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["file"]
        try:
            raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror}.") from error
        try:
            email = receive_email(raw=raw)
        except Exception as error:  # the mail server still has the email and must not drop it, whatever failed here
            logger.error("an email of %d bytes could not be kept (%s)", len(raw), type(error).__name__)
            words = f"The email cannot be kept now ({type(error).__name__}). Try again later."
            raise CommandError(words, returncode=os.EX_TEMPFAIL) from error
        self.stdout.write(f"{email.get_handling_display()}{f': {email.reason}' if email.reason else ''}.")
