from __future__ import annotations

import hashlib
import logging

from django.db import connection

from accounts.operations.record_audit import record_audit
from foundation.outcomes.refusals import BUSY, Refused, in_one_transaction
from foundation.values.times import database_now
from queries.models import Handling, InboundEmail
from queries.operations.place_email import MOST_AN_HOUR, place_email
from queries.rules.charsets import one_line
from queries.rules.emails import UNREADABLE, ReadEmail, read_email

logger = logging.getLogger(__name__)

__all__ = ["LARGEST", "MOST_AN_HOUR", "receive_email"]

LARGEST = 5 * 1024 * 1024
KEPT_OF_A_LARGE_ONE = 256 * 1024
MOST_READ = 32 * 1024 * 1024


def receive_email(*, raw: bytes) -> InboundEmail:
    """Stores and handles one email. Receiving it again changes nothing. No email is lost, and none acts as staff.

    It joins a thread only through a reply address that we issued; the From header is never trusted. Other emails typed
    by people open an unverified query. Automatic emails are stored and not answered.

    An email that cannot be handled is stored as failed in its own transaction, for a colleague to look at. Raises only
    if nothing can be stored now, because the database is unreachable or busy; the caller should retry later.
    """
    said = UNREADABLE
    try:
        said = read_email(raw[:MOST_READ])
        return _take_in(raw=raw, said=said)
    except Exception as error:
        if isinstance(error, Refused) and error.code == BUSY[0]:
            raise
        kept = _keep_as_failed(raw=raw, said=said)
        logger.error("email %s could not be handled (%s)", kept.public_id, type(error).__name__)
        return kept


@in_one_transaction
def _take_in(*, raw: bytes, said: ReadEmail) -> InboundEmail:
    email, is_new = _kept(raw, said, Handling.QUEUED)
    if is_new:
        place_email(email, said)
        record_audit(actor=None, action=f"email_{email.handling}", on=email)
    return email


@in_one_transaction
def _keep_as_failed(*, raw: bytes, said: ReadEmail) -> InboundEmail:
    email, is_new = _kept(raw, said, Handling.FAILED)
    if is_new:
        record_audit(actor=None, action="email_failed", on=email)
    return email


def _kept(raw: bytes, said: ReadEmail, handling: str) -> tuple[InboundEmail, bool]:
    """The row of this email, and whether it is new. Cleans every text once more before storing it."""
    digest = hashlib.sha256(raw).hexdigest()
    lock_email(digest)
    if known := InboundEmail.objects.filter(digest=digest).first():
        return known, False
    if said.message_id:
        lock_email(hashlib.sha256(said.message_id.encode("utf-8", "replace")).hexdigest())
    email = InboundEmail.objects.create(
        digest=digest,
        message_id=one_line(said.message_id, 300),
        content=said.content,
        sender=one_line(said.sender, 254),
        subject=one_line(said.subject, 160),
        received_at=database_now(),
        handling=handling,
        raw=raw if len(raw) <= LARGEST else raw[:KEPT_OF_A_LARGE_ONE],
        size=len(raw),
    )
    return email, True


def lock_email(digest: str) -> None:
    """Locks until the transaction ends.

    If two entry points receive the same email at once, the second waits and finds it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(digest[:15], 16)])
