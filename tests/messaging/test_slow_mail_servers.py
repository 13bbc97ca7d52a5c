"""Mail servers that are slow, hang, drip, refuse or disconnect: settled in time, nothing lost, at most two copies."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from foundation.values.times import database_now
from messaging.models import MOST_COPIES, Attempt, AttemptOutcome, DeliveryState, OutboxMessage
from messaging.operations.deliver import deliver_due, deliver_message
from messaging.operations.queue_again import queue_again
from messaging.operations.settle import MOST_ATTEMPTS
from messaging.operations.sweep_outbox import sweep_outbox
from messaging.providers.email import MailProvider
from messaging.providers.smtp import SmtpConversation
from tests.messaging.peers.odd_mail_server import Fault, OddMailServer

pytestmark = pytest.mark.django_db(transaction=True)

Queue = Callable[..., OutboxMessage]
STAGES = ("greeting", "ehlo", "mail", "rcpt", "data", "content")
DEADLINE = 0.6


@pytest.fixture(scope="module")
def server() -> Iterator[OddMailServer]:
    server = OddMailServer()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _odd(peers: None, settings: Any, server: OddMailServer) -> Iterator[None]:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT, settings.MESSAGING_EMAIL_DEADLINE, settings.MESSAGING_EMAIL_GOODBYE = 20, DEADLINE, 0.2
    server.reset()
    yield
    server.reset()


def deliver(message: OutboxMessage) -> float:
    """Delivers the message once, whether or not it is due, and returns the seconds it took."""
    OutboxMessage.objects.filter(pk=message.pk, state=DeliveryState.QUEUED).update(try_at=database_now())
    began = time.monotonic()
    deliver_message(message.public_id)
    message.refresh_from_db()
    return time.monotonic() - began


def test_slow_answers_within_the_deadline_send_it_once(queue: Queue, server: OddMailServer, settings: Any) -> None:
    """Seven answers of 18 s each against a deadline of 180 s, at a hundredth of the time."""
    settings.MESSAGING_EMAIL_DEADLINE, server.delay = 1.8, 0.18
    message = queue()
    deliver(message)
    assert (message.state, message.attempts, message.strikes) == (DeliveryState.SENT, 1, 0)
    assert server.accepted == [message.message_id]


def test_slower_answers_end_at_the_deadline_and_not_later(queue: Queue, server: OddMailServer) -> None:
    """Each answer comes in time, but all of them together do not."""
    server.delay = 0.25
    message = queue()
    assert deliver(message) < DEADLINE + 0.6
    assert (message.state, message.strikes, server.accepted) == (DeliveryState.QUEUED, 0, [])


@pytest.mark.parametrize("stage", STAGES)
def test_bytes_that_drip_in_do_not_stretch_the_deadline(queue: Queue, server: OddMailServer, stage: str) -> None:
    server.fault = Fault(stage, drip_seconds=0.05)
    message = queue()
    assert deliver(message) < DEADLINE + 0.6
    assert message.state == DeliveryState.QUEUED


@pytest.mark.parametrize("stage", STAGES)
def test_server_that_hangs_once_gets_it_at_the_next_attempt(queue: Queue, server: OddMailServer, stage: str) -> None:
    server.fault, server.once = Fault(stage, hang=True), True
    message = queue()
    assert deliver(message) < DEADLINE + 0.6
    assert (message.state, message.strikes) == (DeliveryState.QUEUED, 0)
    assert message.copies == (1 if stage == "content" else 0)
    deliver(message)
    assert message.state == DeliveryState.SENT
    assert set(server.received) == {message.message_id}
    assert len(server.received) == (2 if stage == "content" else 1)


@pytest.mark.parametrize("fault", [{"close": True}, {"hang": True}, {"answer": "nonsense"}], ids=str)
def test_server_that_never_says_whether_it_took_it_gets_two_copies_at_most(
    queue: Queue, server: OddMailServer, fault: dict[str, Any]
) -> None:
    server.fault = Fault("content", **fault)
    message = queue()
    for _ in range(5):
        deliver(message)
    assert server.received == [message.message_id] * 2
    assert (message.state, message.copies) == (DeliveryState.FAILED, 2)
    assert "arrived twice" in message.reason
    assert [each.outcome for each in Attempt.objects.filter(message=message)] == [
        AttemptOutcome.UNCERTAIN,
        AttemptOutcome.UNCERTAIN,
        AttemptOutcome.PERMANENT,
    ]


def test_a_person_may_requeue_an_email_given_up_after_two_copies(
    queue: Queue, server: OddMailServer, reader: Any
) -> None:
    server.fault = Fault("content", close=True)
    message = queue()
    for _ in range(3):
        deliver(message)
    server.reset()
    queue_again(message, by=reader)
    deliver(message)
    assert message.state == DeliveryState.SENT


@pytest.mark.parametrize("stage", STAGES)
def test_server_that_closes_is_tried_again(queue: Queue, server: OddMailServer, stage: str) -> None:
    server.fault, server.once = Fault(stage, close=True), True
    message = queue()
    deliver(message)
    assert (message.state, message.strikes) == (DeliveryState.QUEUED, 0)
    deliver(message)
    assert message.state == DeliveryState.SENT
    assert set(server.received) == {message.message_id}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("code", [421, 451])
def test_server_that_is_busy_is_tried_again_and_has_no_copy(
    queue: Queue, server: OddMailServer, stage: str, code: int
) -> None:
    server.fault = Fault(stage, answer=f"{code} Come back later")
    message = queue()
    for _ in range(3):
        deliver(message)
    assert (message.state, message.strikes, message.copies, message.attempts) == (DeliveryState.QUEUED, 0, 0, 3)
    server.fault = None
    deliver(message)
    assert message.state == DeliveryState.SENT
    assert server.accepted == [message.message_id]


@pytest.mark.parametrize("stage", ["rcpt", "data", "content"])
def test_server_that_refuses_is_not_asked_again(queue: Queue, server: OddMailServer, stage: str) -> None:
    server.fault = Fault(stage, answer="550 Never")
    message = queue()
    deliver(message)
    assert (message.state, message.copies) == (DeliveryState.FAILED, 0)


@pytest.mark.parametrize("fault", [{"close": True}, {"hang": True}, {"answer": "500 What?"}, {"answer": "421 Bye"}])
def test_the_answer_to_quit_changes_nothing(
    queue: Queue, server: OddMailServer, settings: Any, fault: dict[str, Any]
) -> None:
    settings.MESSAGING_EMAIL_DEADLINE = 10
    server.fault = Fault("quit", **fault)
    message = queue()
    assert deliver(message) < 2
    assert (message.state, message.attempts) == (DeliveryState.SENT, 1)


def test_the_outcome_is_in_the_database_before_quit(queue: Queue, server: OddMailServer, settings: Any) -> None:
    """If the dispatcher dies during QUIT, the message is already sent."""
    seen: list[str] = []

    class WatchedMail(MailProvider):
        def say_goodbye(self) -> None:
            seen.append(OutboxMessage.objects.get().state)
            assert "quit" not in server.reached
            super().say_goodbye()

    WatchedMail.__module__, WatchedMail.__qualname__ = __name__, "WatchedMail"
    globals()["WatchedMail"] = WatchedMail
    settings.MESSAGING_PROVIDERS = {"email": f"{__name__}.WatchedMail"}
    deliver(queue())
    assert seen == [DeliveryState.SENT]
    assert server.reached[-1] == "quit"


@pytest.mark.parametrize("fault", [None, Fault("starttls", answer="454 Not now"), Fault("starttls", close=True)])
def test_tls_that_fails_is_tried_again(queue: Queue, server: OddMailServer, settings: Any, fault: Fault | None) -> None:
    """Without a fault, the server says “go ahead” and then does not speak TLS."""
    settings.EMAIL_USE_TLS, server.fault = True, fault
    message = queue()
    assert deliver(message) < DEADLINE + 0.6
    assert (message.state, server.received) == (DeliveryState.QUEUED, [])


def test_tls_from_the_start_ends_at_the_deadline_too(queue: Queue, server: OddMailServer, settings: Any) -> None:
    settings.EMAIL_USE_SSL, server.fault = True, Fault("greeting", hang=True)
    message = queue()
    assert deliver(message) < DEADLINE + 0.6
    assert message.state == DeliveryState.QUEUED


def test_worker_that_stops_while_handing_over_an_email_is_no_strike(
    queue: Queue, server: OddMailServer, settings: Any
) -> None:
    """A worker killed before the content was sent is a normal failed attempt, up to the usual limit."""
    message = queue()
    for _ in range(4):
        OutboxMessage.objects.filter(pk=message.pk).update(
            state=DeliveryState.SENDING,
            claim="00000000-0000-0000-0000-000000000001",
            lease_until=database_now(),
            handed_over_at=database_now(),
            attempts=message.attempts + 1,
        )
        time.sleep(0.01)
        settings.EMAIL_PORT = 1
        sweep_outbox(seconds=0)
        message.refresh_from_db()
        assert (message.state, message.strikes) == (DeliveryState.QUEUED, 0)
    settings.EMAIL_PORT = server.port
    deliver(message)
    assert message.state == DeliveryState.SENT


def test_worker_that_always_stops_is_given_up_after_the_usual_attempts(queue: Queue) -> None:
    message = queue()
    OutboxMessage.objects.filter(pk=message.pk).update(
        state=DeliveryState.SENDING,
        claim="00000000-0000-0000-0000-000000000001",
        lease_until=database_now(),
        handed_over_at=database_now(),
        attempts=MOST_ATTEMPTS,
    )
    time.sleep(0.01)
    sweep_outbox(seconds=0)
    message.refresh_from_db()
    assert message.state == DeliveryState.FAILED


def test_dispatcher_whose_claim_is_lost_sends_no_content(queue: Queue, server: OddMailServer, settings: Any) -> None:
    """It was suspended during the conversation; meanwhile another dispatcher claimed the message."""
    message = queue()
    taken: list[bool] = []

    class Sleepy(SmtpConversation):
        def open(self) -> Any:
            opened = super().open()
            if not taken:
                taken.append(True)
                OutboxMessage.objects.update(claim="00000000-0000-0000-0000-000000000002")
            return opened

    settings.MESSAGING_PROVIDERS = {"email": f"{__name__}.SleepyMail"}
    SleepyMail.conversation = Sleepy
    deliver(message)
    assert server.received == []


class SleepyMail(MailProvider):
    conversation: Any = SmtpConversation

    def _connection(self) -> Any:
        self._smtp = self.conversation(before_content=lambda: self.before_content())
        return self._smtp


def test_database_refuses_a_third_copy(queue: Queue) -> None:
    message = queue()
    with pytest.raises(IntegrityError, match="message_has_at_most_two_copies"), transaction.atomic():
        OutboxMessage.objects.filter(pk=message.pk).update(copies=MOST_COPIES + 1)


def test_sweep_ends_soon_with_a_server_that_hangs(queue: Queue, server: OddMailServer) -> None:
    server.fault = Fault("greeting", hang=True)
    for _ in range(6):
        queue()
    began = time.monotonic()
    deliver_due(seconds=1)
    assert time.monotonic() - began < 1 + DEADLINE + 0.6


def test_a_copy_is_counted_before_an_api_service_is_called(queue: Queue, settings: Any) -> None:
    settings.MESSAGING_EMAIL_CONNECTION = "anymail.backends.test.EmailBackend"
    message = queue()
    deliver(message)
    assert (message.state, message.copies) == (DeliveryState.SENT, 1)
