import imaplib
import logging
import os
import ssl
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from queries.models import Handling
from queries.operations.receive_email import receive_email

logger = logging.getLogger(__name__)

SECONDS = 60
"""Timeout for each response of the mail server."""
TAKEN_IN, FAILED, LEFT = "taken in", "kept as failed", "left for the next time"


class Command(BaseCommand):
    help = (
        "Reads unread emails in QUERIES_MAILBOX (imaps://user:password@host/INBOX), and marks it as read. "
        "Exit code 75 if an email had to wait for the next time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.QUERIES_MAILBOX:
            raise CommandError("No mailbox is set: QUERIES_MAILBOX is empty.")
        box = settings.QUERIES_MAILBOX
        secure = ssl.create_default_context()
        try:
            with imaplib.IMAP4_SSL(box.hostname, box.port or 993, ssl_context=secure, timeout=SECONDS) as server:
                server.login(box.username or "", box.password or "")
                server.select(box.path.strip("/") or "INBOX")
                counts = self.take_in(server)
        except (imaplib.IMAP4.error, OSError) as error:
            raise CommandError(f"The mailbox could not be read ({type(error).__name__}).") from error
        said = ", ".join(f"{counts[name]} {name}" for name in (TAKEN_IN, FAILED, LEFT))
        if counts[LEFT]:
            raise CommandError(f"{said}.", returncode=os.EX_TEMPFAIL)
        self.stdout.write(f"{said}.")

    def take_in(self, server: imaplib.IMAP4) -> Counter[str]:
        """Handles unread emails one at a time, so that a failure does not hold up the rest."""
        _, found = server.search(None, "UNSEEN")
        numbers = found[0].split() if found and found[0] else []
        return Counter(self.take_in_one(server, number) for number in numbers)

    def take_in_one(self, server: imaplib.IMAP4, number: bytes) -> str:
        """Marks an email as read only once it is stored.

        After a failure it is fetched again, and recognised if it is known.
        """
        try:
            _, parts = server.fetch(number.decode(), "(BODY.PEEK[])")
            raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
            if raw is None:
                return LEFT
            email = receive_email(raw=bytes(raw))
            server.store(number.decode(), "+FLAGS", "\\Seen")
        except (imaplib.IMAP4.abort, OSError):
            raise
        except Exception as error:
            logger.error("an email of the mailbox was left for the next time (%s)", type(error).__name__)
            return LEFT
        return FAILED if email.handling == Handling.FAILED else TAKEN_IN
