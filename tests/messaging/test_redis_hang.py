"""A worker that cannot acknowledge a task because Redis hangs works again when Redis does.

Found with Redis stopped (SIGSTOP) for 20 s under load: each failed acknowledgement used up one of the worker's slots
for ever, until it took no more tasks but still answered pings. One process and one task are enough to show it.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import redis
from kombu.common import ignore_errors

from careerconnect.celery import app as celery_app
from foundation.process.broker import NudgeTransport
from foundation.values.times import database_now
from messaging.models import DeliveryState, Heartbeat, OutboxMessage, Part
from messaging.rules.heartbeats import late_parts
from messaging.selectors import heartbeats
from tests.messaging.conftest import Worker, eventually
from tests.messaging.peers.mail_server import MailServer
from tools.valkey import Valkey

pytestmark = pytest.mark.django_db(transaction=True)

WORKER_OPTIONS = ("-B", "-c", "1")

Queue = Callable[..., OutboxMessage]


def test_worker_whose_acknowledgement_failed_works_on(
    peers: None, settings: Any, queue: Queue, worker: Worker, broker: Valkey, mail_server: MailServer
) -> None:
    settings.MESSAGING_NUDGE = True
    eventually(lambda: {Part.BEAT, Part.WORKER} <= set(heartbeats()), 10, lambda: worker.log.read_text()[-3000:])
    worker.pause("composing")
    first = queue()
    worker.paused_process()
    assert broker.child
    os.kill(broker.child.process.pid, signal.SIGSTOP)
    try:
        worker.resume()
        eventually(lambda: OutboxMessage.objects.filter(pk=first.pk, state=DeliveryState.SENT).exists())
        time.sleep(7)  # longer than the worker waits for the answer to its acknowledgement
    finally:
        os.kill(broker.child.process.pid, signal.SIGCONT)
    awake = database_now()
    second = queue()
    eventually(lambda: OutboxMessage.objects.filter(pk=second.pk, state=DeliveryState.SENT).exists(), 20)
    eventually(lambda: Heartbeat.objects.filter(part=Part.WORKER, at__gt=awake).exists(), 20)
    client = redis.Redis.from_url(broker.url())
    eventually(lambda: client.llen("celery") <= 1 and client.hlen("unacked") <= 1, 20)
    assert mail_server.message_ids == [f"<{each.public_id}@example.ac.uk>" for each in (first, second)]
    assert worker.process.poll() is None


@pytest.mark.parametrize(
    "address", ["redis://:pass@h:6379/0", "rediss://h:6379/0?ssl_cert_reqs=required", "redis+socket:///run/redis.sock"]
)
def test_every_broker_url_gets_the_transport_that_reports_failures(address: str) -> None:
    assert isinstance(celery_app.connection_for_write(address).transport, NudgeTransport)


@pytest.mark.parametrize("answer", ["ack_log_error", "reject_log_error"])
def test_a_task_that_outlived_its_connection_does_not_end_the_worker(broker: Valkey, answer: str) -> None:
    """The worker reconnects while a task runs; the acknowledgement belongs to a closed connection."""
    connection = celery_app.connection_for_write(broker.url())
    queue = connection.SimpleQueue("outlived")
    queue.put("task")
    message = queue.get(timeout=5)
    message.channel._disconnect_pools()  # the state after closing fails half-way, as it does while Redis is down
    connection.transport.client = None
    getattr(message, answer)(logging.getLogger(__name__), connection.connection_errors)


def test_messages_that_cannot_be_returned_do_not_end_the_worker(broker: Valkey) -> None:
    """Celery closes the failed connection, and with it a channel that still holds messages."""
    connection = celery_app.connection_for_write(broker.url())
    queue = connection.SimpleQueue("held")
    queue.put("task")
    message = queue.get(timeout=5)
    message.channel._disconnect_pools()
    connection.transport.client = None
    ignore_errors(connection, message.channel.close)


def test_heartbeats_become_late_while_the_worker_is_stopped(peers: None, worker: Worker) -> None:
    """Unlike a ping, this check travels the same way as tasks."""
    limit = timedelta(seconds=3)
    eventually(lambda: not late_parts(heartbeats(), database_now(), limit) - {Part.SWEEPER}, 10)
    os.killpg(worker.process.pid, signal.SIGSTOP)
    try:
        eventually(lambda: Part.BEAT in late_parts(heartbeats(), database_now(), limit), 10)
    finally:
        os.killpg(worker.process.pid, signal.SIGCONT)
    eventually(lambda: not late_parts(heartbeats(), database_now(), limit) - {Part.SWEEPER}, 20)
