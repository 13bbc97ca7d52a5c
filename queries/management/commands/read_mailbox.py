import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from queries.operations.read_mailbox import FAILED, LEFT, TAKEN_IN, MailboxUnreadable, read_mailbox


class Command(BaseCommand):
    help = (
        "Reads unread emails in QUERIES_MAILBOX (imaps://user:password@host/INBOX), and marks it as read. "
        "A worker does the same every two minutes. Exit code 75 if an email had to wait for the next time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.QUERIES_MAILBOX:
            raise CommandError("No mailbox is set: QUERIES_MAILBOX is empty.")
        try:
            counts = read_mailbox(settings.QUERIES_MAILBOX)
        except MailboxUnreadable as error:
            raise CommandError(str(error)) from error
        said = ", ".join(f"{counts[name]} {name}" for name in (TAKEN_IN, FAILED, LEFT))
        if counts[LEFT]:
            raise CommandError(f"{said}.", returncode=os.EX_TEMPFAIL)
        self.stdout.write(f"{said}.")
