import imaplib
import ssl
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from queries.operations.receive_email import receive_email


class Command(BaseCommand):
    help = "Takes in what is unread in QUERIES_MAILBOX (imaps://user:password@host/INBOX), and marks it as read."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.QUERIES_MAILBOX:
            raise CommandError("No mailbox is set: QUERIES_MAILBOX is empty.")
        box = settings.QUERIES_MAILBOX
        try:
            with imaplib.IMAP4_SSL(box.hostname, box.port or 993, ssl_context=ssl.create_default_context()) as server:
                server.login(box.username or "", box.password or "")
                server.select(box.path.strip("/") or "INBOX")
                count = self.take_in(server)
        except (imaplib.IMAP4.error, OSError) as error:
            raise CommandError(f"The mailbox could not be read ({type(error).__name__}).") from error
        self.stdout.write(f"{count} taken in.")

    def take_in(self, server: imaplib.IMAP4) -> int:
        """Marked as read only once it is kept here: whatever fails comes again, and is known then."""
        _, found = server.search(None, "UNSEEN")
        numbers = found[0].split() if found and found[0] else []
        for number in numbers:
            _, parts = server.fetch(number, "(BODY.PEEK[])")
            raw = next((part[1] for part in parts if isinstance(part, tuple)), b"")
            if raw:
                receive_email(raw=bytes(raw))
            server.store(number, "+FLAGS", "\\Seen")
        return len(numbers)
