from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from foundation.db.inserts import insert_rows
from foundation.values.times import database_now
from messaging.models import OutboxMessage
from messaging.notices.notice import Notice
from messaging.operations.nudge import nudge


def queue_messages(notices: Sequence[Notice], now: datetime | None = None) -> list[OutboxMessage]:
    """Writes messages in the caller's transaction with one INSERT, and nudges a worker after its commit.

    Skips a notice whose `dedupe_key` is already in the outbox. Returns the messages in the order of the notices,
    without primary keys (PostgreSQL does not say which rows it kept): use `public_id`. `now` is the database's time if
    the caller has just read it. Raises RuntimeError outside a transaction, where the message would survive if the
    operation failed.
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
