"""With Redis stopped, hung or flushed, queueing is as quick as ever and the sweep sends every message."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest
import redis

from foundation.process.task_nudge import GATHERED_FOR
from messaging.models import DeliveryState, OutboxMessage
from tests.messaging.conftest import Worker, eventually
from tests.messaging.peers.mail_server import MailServer
from tools.valkey import Valkey

pytestmark = pytest.mark.django_db(transaction=True)

WORKER_OPTIONS = ("-B",)

Queue = Callable[..., OutboxMessage]


@pytest.fixture(autouse=True)
def _nudging(peers: None, settings: Any, worker: Worker) -> None:
    settings.MESSAGING_NUDGE = True


def queue_quickly(queue: Queue, messages: int = 5) -> None:
    """Each message takes less than half a second; the promise is less than a second more than usual."""
    slowest = 0.0
    for _ in range(messages):
        started = time.monotonic()
        queue()
        slowest = max(slowest, time.monotonic() - started)
    assert slowest < 0.5


def all_are_sent() -> bool:
    return not OutboxMessage.objects.exclude(state=DeliveryState.SENT).exists()


def once_each(mail_server: MailServer) -> bool:
    return len(mail_server.message_ids) == len(set(mail_server.message_ids)) == OutboxMessage.objects.count()


def test_redis_well(queue: Queue, worker: Worker, mail_server: MailServer) -> None:
    queue_quickly(queue)
    eventually(all_are_sent, 10, lambda: worker.log.read_text()[-3000:])
    assert once_each(mail_server)


def test_redis_stopped(queue: Queue, worker: Worker, broker: Valkey, mail_server: MailServer) -> None:
    assert broker.child
    broker.child.stop()
    time.sleep(1)  # let a sweep end that the worker had already begun
    try:
        queue_quickly(queue)
        time.sleep(1)
        assert not mail_server.accepted
    finally:
        broker.start_again()  # on the same port and with the same password, like a restarted service
    eventually(all_are_sent, 25, lambda: worker.log.read_text()[-3000:])
    assert once_each(mail_server)


def test_redis_hung(queue: Queue, worker: Worker, broker: Valkey, mail_server: MailServer) -> None:
    assert broker.child
    os.kill(broker.child.process.pid, signal.SIGSTOP)
    try:
        queue_quickly(queue)
        time.sleep(1)
    finally:
        os.kill(broker.child.process.pid, signal.SIGCONT)
    eventually(all_are_sent, 25, lambda: worker.log.read_text()[-3000:])
    assert once_each(mail_server)


def test_redis_flushed(queue: Queue, worker: Worker, broker: Valkey, mail_server: MailServer) -> None:
    os.killpg(worker.process.pid, signal.SIGSTOP)
    try:
        queue_quickly(queue, 1)  # its hint goes to the worker, which was listening when it was stopped
        time.sleep(3 * GATHERED_FOR)
        queue_quickly(queue)
        client = redis.Redis.from_url(broker.url())
        eventually(lambda: client.llen("celery") >= 1, 5)
        client.flushall()
    finally:
        os.killpg(worker.process.pid, signal.SIGCONT)
    eventually(all_are_sent, 15, lambda: worker.log.read_text()[-3000:])
    assert once_each(mail_server)
