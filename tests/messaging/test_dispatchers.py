from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from messaging.models import Attempt, DeliveryState, OutboxMessage
from messaging.notices.notice import Notice
from messaging.operations.deliver import deliver_due, deliver_message
from messaging.operations.queue_message import queue_messages
from messaging.operations.recover_stuck import recover_stuck
from messaging.operations.sweep_outbox import sweep_outbox
from messaging.rules.kinds import Composed
from tests.messaging.peers.mail_server import MailServer
from tests.messaging.peers.text_service import TextService

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]


def at_once(work: Callable[[], Any], threads: int) -> list[Any]:
    def in_a_connection_of_its_own() -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return [future.result() for future in [pool.submit(in_a_connection_of_its_own) for _ in range(threads)]]


def test_dispatchers_at_once_send_each_message_once(
    notice: Callable[..., Notice], peers: None, mail_server: MailServer, text_service: TextService
) -> None:
    with transaction.atomic():
        queue_messages([notice(channel=channel) for channel in ("email", "sms") * 30])
    at_once(lambda: deliver_due(seconds=20), 4)
    assert OutboxMessage.objects.filter(state=DeliveryState.SENT, attempts=1).count() == 60
    assert set(Counter(mail_server.message_ids).values()) == {1}
    assert len(mail_server.accepted) == 30
    assert set(Counter(text_service.bodies).values()) == {1}
    assert len(text_service.accepted) == 30


def test_twenty_hints_for_one_message_send_it_once(
    queue: Callable[..., OutboxMessage], peers: None, text_service: TextService
) -> None:
    message = queue(channel="sms")
    at_once(lambda: deliver_message(message.public_id), 20)
    assert len(text_service.requests) == 1
    assert Attempt.objects.count() == 1


def test_sweeps_at_once_recover_a_lapsed_message_once(
    queue: Callable[..., OutboxMessage], peers: None, mail_server: MailServer, settings: Any
) -> None:
    settings.MESSAGING_LEASE_SECONDS = -1  # every lease has lapsed as soon as it is given
    message = queue()
    assert deliver_message(message.public_id) is not None  # cannot be handed over, because its lease has lapsed
    assert mail_server.accepted == []
    assert sum(at_once(recover_stuck, 8)) >= 1
    message.refresh_from_db()
    assert (message.state, message.strikes, message.attempts) == (DeliveryState.QUEUED, 1, 1)
    settings.MESSAGING_LEASE_SECONDS = 60
    at_once(sweep_outbox, 4)
    assert len(mail_server.accepted) == 1


def test_a_dispatcher_that_wakes_after_its_lease_changes_nothing(
    queue: Callable[..., OutboxMessage], kind: Callable[..., str], peers: None, mail_server: MailServer, settings: Any
) -> None:
    """It was suspended while composing; meanwhile another dispatcher claimed the message and sent it."""
    settings.MESSAGING_LEASE_SECONDS = -1
    slept = []

    def compose(message: OutboxMessage) -> Any:
        if not slept:
            slept.append(True)
            settings.MESSAGING_LEASE_SECONDS = 60
            at_once(sweep_outbox, 1)
        return Composed("Once", "Only once.\n")

    message = queue(kind=kind(compose))
    deliver_message(message.public_id)
    message.refresh_from_db()
    assert message.state == DeliveryState.SENT
    assert len(mail_server.accepted) == 1
