"""Reads the mailbox to which people write (MAIL-1)."""

from __future__ import annotations

import imaplib
import logging
import ssl
from collections import Counter
from urllib.parse import SplitResult

from foundation.db.advisory_lock import advisory_lock
from queries.models import Handling
from queries.operations.receive_email import receive_email

logger = logging.getLogger(__name__)

SECONDS = 60
"""Timeout for each response of the mail server."""
TAKEN_IN, FAILED, LEFT = "taken in", "kept as failed", "left for the next time"
LOCK = 0x6D61696C


class MailboxUnreadable(Exception):
    """The server did not answer, or refused us."""


def read_mailbox(box: SplitResult) -> Counter[str]:
    """Takes in the unread emails of `imaps://user:password@host/INBOX` and marks them as read; counts them by outcome.

    One process at a time; another one takes in none. Raises MailboxUnreadable.
    """
    with advisory_lock(LOCK) as locked:
        return _read(box) if locked else Counter()


def _read(box: SplitResult) -> Counter[str]:
    secure = ssl.create_default_context()
    try:
        with imaplib.IMAP4_SSL(box.hostname or "", box.port or 993, ssl_context=secure, timeout=SECONDS) as server:
            server.login(box.username or "", box.password or "")
            server.select(box.path.strip("/") or "INBOX")
            _, found = server.search(None, "UNSEEN")
            numbers = found[0].split() if found and found[0] else []
            return Counter(_take_in_one(server, number) for number in numbers)
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxUnreadable(f"The mailbox could not be read ({type(error).__name__}).") from error


def _take_in_one(server: imaplib.IMAP4, number: bytes) -> str:
    """Marks an email as read only once it is stored, so that a failure does not hold up the rest.

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
