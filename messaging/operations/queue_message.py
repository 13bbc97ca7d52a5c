from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from foundation.db.inserts import insert_rows
from foundation.values.times import database_now
from messaging.models import OutboxMessage
from messaging.notices.notice import Notice
from messaging.operations.nudge import nudge


def queue_messages(notices: Sequence[Notice], now: datetime | None = None) -> list[OutboxMessage]:
    """Write the words with the deed: one INSERT in the caller's transaction, a nudge after its commit.

    A notice whose `dedupe_key` is in the outbox already is left alone. The messages come back as they
    were asked for and without a primary key (PostgreSQL does not say which it kept): use `public_id`.
    `now` is the database's clock, where the caller has just read it.
    Raises RuntimeError outside a transaction, where a message could outlive a deed that failed.
    """
    now = now or database_now()
    return store_messages([_message(notice, now) for notice in notices], now)


def store_messages(messages: list[OutboxMessage], now: datetime) -> list[OutboxMessage]:
    if not connection.in_atomic_block:
        raise RuntimeError("A message can only be queued inside the transaction of what it tells of.")
    if messages:
        insert_rows(messages, ignore_conflicts=True)
        due = [message.public_id for message in messages if message.not_before <= now]
        transaction.on_commit(lambda: nudge(due), robust=True)
    return messages


def _message(notice: Notice, now: datetime) -> OutboxMessage:
    not_before = notice.not_before or now
    return OutboxMessage(
        kind=notice.kind,
        channel=notice.channel,
        purpose=notice.purpose,
        recipient=notice.recipient,
        to_address=notice.to_address,
        context=dict(notice.context),
        regarding=notice.regarding,
        dedupe_key=notice.dedupe_key,
        not_before=not_before,
        try_at=not_before,
        expires_at=notice.expires_at,
        created_at=now,
    )
