"""A worker killed (SIGKILL) between any two steps loses nothing, repeats at most one email and never a text."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from foundation.process.task_nudge import GATHERED_FOR
from messaging.models import Attempt, AttemptOutcome, DeliveryState, OutboxMessage
from messaging.operations.sweep_outbox import sweep_outbox
from tests.messaging.conftest import Worker, eventually
from tests.messaging.peers.mail_server import MailServer
from tests.messaging.peers.text_service import TextService

pytestmark = pytest.mark.django_db(transaction=True)

Queue = Callable[..., OutboxMessage]


@pytest.fixture(autouse=True)
def _another_worker(peers: None, settings: Any, worker: Worker) -> Iterator[None]:
    """This process acts as the other worker, which sweeps. Leases are short so that nobody waits."""
    settings.MESSAGING_NUDGE = True
    settings.MESSAGING_LEASE_SECONDS, settings.MESSAGING_LOOK_UP_SECONDS = 1.0, 0.2
    yield
    worker.resume()


def sweep_until_sent(message: OutboxMessage) -> None:
    def sent() -> bool:
        sweep_outbox()
        message.refresh_from_db()
        return message.state == DeliveryState.SENT

    eventually(sent, 10, lambda: f"It is {message.state}: {message.reason}")


def queue_alone(queue: Queue) -> OutboxMessage:
    """So that its hint carries no other message."""
    time.sleep(3 * GATHERED_FOR)
    return queue()


def outcomes(message: OutboxMessage) -> list[str]:
    return [attempt.outcome for attempt in Attempt.objects.filter(message=message)]


@pytest.mark.parametrize(
    ("step", "copies"), [("composing", 1), ("handed-over", 1), ("accepted", 2)], ids=lambda value: str(value)
)
def test_an_email_is_never_lost_and_repeated_at_most_once(
    queue: Queue, worker: Worker, mail_server: MailServer, step: str, copies: int
) -> None:
    worker.pause(step)
    message = queue()
    os.kill(worker.paused_process(), signal.SIGKILL)
    worker.resume()
    sweep_until_sent(message)
    assert mail_server.message_ids == [message.message_id] * copies
    assert outcomes(message) == [AttemptOutcome.LAPSED, AttemptOutcome.SENT]


def test_an_email_cut_off_while_the_server_reads_it_is_sent_once(
    queue: Queue, worker: Worker, mail_server: MailServer
) -> None:
    mail_server.hang_at_data()
    message = queue()
    eventually(mail_server.hanging.is_set, 10)
    os.kill(worker.busy_process(), signal.SIGKILL)
    mail_server.released.set()
    sweep_until_sent(message)
    assert mail_server.message_ids == [message.message_id]


@pytest.mark.parametrize(
    ("step", "way"),
    [
        ("composing", [AttemptOutcome.LAPSED, AttemptOutcome.SENT]),
        ("handed-over", [AttemptOutcome.LAPSED, AttemptOutcome.ABSENT, AttemptOutcome.SENT]),
        ("accepted", [AttemptOutcome.LAPSED, AttemptOutcome.FOUND]),
    ],
    ids=["composing", "handed-over", "accepted"],
)
def test_a_text_is_never_lost_and_never_repeated(
    queue: Queue, worker: Worker, text_service: TextService, step: str, way: list[str]
) -> None:
    worker.pause(step)
    message = queue(channel="sms")
    os.kill(worker.paused_process(), signal.SIGKILL)
    worker.resume()
    sweep_until_sent(message)
    assert len(text_service.accepted) == 1
    assert message.provider_id == text_service.accepted[0]["sid"]
    assert outcomes(message) == way


def test_a_text_cut_off_while_twilio_answers_is_found_not_repeated(
    queue: Queue, worker: Worker, text_service: TextService
) -> None:
    text_service.hang_after_accepting()
    message = queue(channel="sms")
    eventually(text_service.hanging.is_set, 10)
    os.kill(worker.busy_process(), signal.SIGKILL)
    text_service.released.set()
    sweep_until_sent(message)
    assert len(text_service.requests) == 1
    assert outcomes(message) == [AttemptOutcome.LAPSED, AttemptOutcome.FOUND]


def test_a_whole_worker_that_dies_is_replaced_without_loss(
    queue: Queue, worker: Worker, mail_server: MailServer
) -> None:
    worker.pause("accepted")
    waiting = [queue_alone(queue) for _ in range(4)]
    worker.paused_process()
    worker.kill()
    worker.resume()
    worker.start()  # it has no beat; the broker still holds hints for what its three processes had not claimed
    eventually(lambda: OutboxMessage.objects.filter(state=DeliveryState.SENT).exists(), 10)
    for message in waiting:
        sweep_until_sent(message)
    copies = Counter(mail_server.message_ids)
    assert set(copies) == {message.message_id for message in waiting}
    assert max(copies.values()) <= 2
