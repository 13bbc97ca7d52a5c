from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from messaging.models import Attempt, AttemptOutcome, DeliveryState, OutboxMessage
from messaging.operations.deliver import deliver_due, deliver_message
from messaging.operations.settle import LONGEST_PAUSE, MOST_ATTEMPTS, pause_before
from messaging.rules.kinds import Composed, Withdrawn
from tests.messaging.peers.mail_server import MailServer

pytestmark = pytest.mark.django_db

Queue = Callable[..., OutboxMessage]
Composing = Callable[..., str]


def outcomes(message: OutboxMessage) -> list[str]:
    return [attempt.outcome for attempt in Attempt.objects.filter(message=message)]


def test_a_due_message_is_sent_and_says_so(queue: Queue) -> None:
    message = queue()
    assert deliver_due() == 1
    message.refresh_from_db()
    assert message.state == DeliveryState.SENT
    assert message.sent_at is not None
    assert message.to_address == "reader@example.ac.uk"
    assert message.message_id == f"<{message.public_id}@example.ac.uk>"
    assert message.provider_id == f"tray-{message.public_id}"
    assert outcomes(message) == [AttemptOutcome.SENT]


def test_a_message_that_is_sent_is_not_sent_again(queue: Queue) -> None:
    message = queue()
    assert deliver_message(message.public_id) is not None
    assert deliver_message(message.public_id) is None
    assert deliver_due() == 0


def test_a_hint_for_an_unknown_message_does_nothing() -> None:
    assert deliver_message("nosuchletter") is None


def test_a_reminder_waits_for_its_time(queue: Queue) -> None:
    message = queue(not_before=timezone.now() + timedelta(hours=1))
    assert deliver_message(message.public_id) is None
    assert deliver_due() == 0
    OutboxMessage.objects.update(try_at=timezone.now())
    assert deliver_due() == 1


def test_a_reminder_that_comes_too_late_is_missed_not_sent(queue: Queue) -> None:
    now = timezone.now()
    message = queue(not_before=now - timedelta(days=2), expires_at=now - timedelta(days=1))
    deliver_due()
    message.refresh_from_db()
    assert (message.state, message.sent_at) == (DeliveryState.MISSED, None)


@pytest.mark.parametrize(("missed", "state"), [(False, DeliveryState.CANCELLED), (True, DeliveryState.MISSED)])
def test_a_message_withdrawn_while_composing_is_not_sent(
    queue: Queue, composing: Composing, missed: bool, state: DeliveryState
) -> None:
    message = queue(kind=composing(Withdrawn("Gone.", missed=missed)))
    deliver_due()
    message.refresh_from_db()
    assert (message.state, message.reason, message.body_text) == (state, "Gone.", "")
    assert outcomes(message) == [AttemptOutcome.WITHDRAWN]


@pytest.mark.policy("APPT-5")
@pytest.mark.parametrize("phone", ["", "01632 960123", "not a number", "+44 7700 90012"])
def test_no_text_is_sent_where_no_usable_mobile_is_listed(queue: Queue, reader: User, phone: str) -> None:
    User.objects.filter(pk=reader.pk).update(phone=phone)
    message = queue(channel="sms")
    deliver_due()
    message.refresh_from_db()
    assert message.state == DeliveryState.CANCELLED
    assert outcomes(message) == [AttemptOutcome.WITHDRAWN]


@pytest.mark.policy("APPT-5")
@pytest.mark.parametrize("phone", ["07700 900123", "+447911123456"])
def test_a_text_goes_to_a_usable_mobile(queue: Queue, reader: User, phone: str) -> None:
    User.objects.filter(pk=reader.pk).update(phone=phone)
    message = queue(channel="sms")
    deliver_due()
    message.refresh_from_db()
    assert message.state == DeliveryState.SENT
    assert message.to_address.startswith("+447")


@pytest.mark.policy("DATA-1")
@pytest.mark.parametrize(
    ("purpose", "state"),
    [("service", DeliveryState.SENT), ("marketing", DeliveryState.CANCELLED), ("alumni", DeliveryState.CANCELLED)],
)
def test_only_service_messages_go_out_without_recorded_permission(
    queue: Queue, purpose: str, state: DeliveryState
) -> None:
    message = queue(purpose=purpose)
    deliver_due()
    message.refresh_from_db()
    assert message.state == state


def test_an_address_that_changes_before_sending_is_followed(queue: Queue, reader: User) -> None:
    message = queue()
    User.objects.filter(pk=reader.pk).update(email="new@example.ac.uk")
    deliver_due()
    message.refresh_from_db()
    assert message.to_address == "new@example.ac.uk"


def test_words_that_cannot_be_composed_are_given_up_after_three_strikes(queue: Queue, kind: Callable[..., str]) -> None:
    def broken(message: OutboxMessage) -> Composed:
        raise KeyError("no such booking")

    poison, healthy = queue(kind=kind(broken)), queue()
    for _ in range(3):
        deliver_due()
        OutboxMessage.objects.filter(state=DeliveryState.QUEUED).update(try_at=timezone.now())
    poison.refresh_from_db()
    healthy.refresh_from_db()
    assert (poison.state, poison.strikes) == (DeliveryState.FAILED, 3)
    assert "3 strikes" in poison.reason
    assert "KeyError" in poison.reason
    assert healthy.state == DeliveryState.SENT
    assert deliver_due() == 0


def test_a_kind_that_nobody_registered_is_a_strike_too(queue: Queue) -> None:
    message = queue(kind="tests.unheard_of")
    deliver_due()
    message.refresh_from_db()
    assert (message.state, message.strikes) == (DeliveryState.QUEUED, 1)


def test_a_temporary_failure_is_tried_again_later_with_the_same_message_id(
    queue: Queue, peers: None, mail_server: MailServer
) -> None:
    mail_server.answer_to_data = "451 Come back later"
    message = queue()
    deliver_due()
    message.refresh_from_db()
    assert message.state == DeliveryState.QUEUED
    assert message.try_at > timezone.now() + timedelta(seconds=20)
    first_id = message.message_id
    mail_server.answer_to_data = ""
    OutboxMessage.objects.update(try_at=timezone.now())
    deliver_due()
    message.refresh_from_db()
    assert message.state == DeliveryState.SENT
    assert mail_server.message_ids == [first_id]
    assert outcomes(message) == [AttemptOutcome.TEMPORARY, AttemptOutcome.SENT]


def test_temporary_failures_are_given_up_in_the_end(queue: Queue, peers: None, mail_server: MailServer) -> None:
    mail_server.answer_to_data = "451 Come back later"
    message = queue()
    OutboxMessage.objects.update(attempts=MOST_ATTEMPTS - 1)
    deliver_due()
    message.refresh_from_db()
    assert message.state == DeliveryState.FAILED
    assert f"Given up after {MOST_ATTEMPTS} attempts" in message.reason


def test_a_dead_mail_server_does_not_hold_up_a_whole_sweep(queue: Queue, peers: None, mail_server: MailServer) -> None:
    mail_server.answer_to_data = "451 Come back later"
    for _ in range(10):
        queue()
    assert deliver_due() == 3
    assert OutboxMessage.objects.filter(attempts=0).count() == 7


def test_pauses_double_with_jitter_up_to_an_hour() -> None:
    first = [pause_before(1).total_seconds() for _ in range(50)]
    assert min(first) >= 24
    assert max(first) <= 36
    assert len(set(first)) > 1
    assert pause_before(3) > pause_before(1)
    assert pause_before(60) <= LONGEST_PAUSE * 1.2


def test_a_one_time_link_is_not_kept_once_it_is_delivered(
    queue: Queue, kind: Callable[..., str], peers: None, mail_server: MailServer
) -> None:
    secret = Composed("Reset your password", "https://careers.example.ac.uk/reset/secret\n")
    message = queue(kind=kind(lambda message: secret, forget_body=True))
    deliver_due()
    message.refresh_from_db()
    assert (message.state, message.body_text) == (DeliveryState.SENT, "")
    assert "reset/secret" in mail_server.accepted[0].get_content()


def test_nothing_personal_is_logged(queue: Queue, peers: None, caplog: Any, text_service: Any) -> None:
    caplog.set_level("DEBUG")
    queue()
    queue(channel="sms")
    deliver_due()
    ours = [record for record in caplog.records if not record.name.startswith(("mail.log", "django.db"))]
    logged = "\n".join(record.getMessage() for record in ours)
    assert OutboxMessage.objects.filter(state=DeliveryState.SENT).count() == 2
    for personal in ("reader@example.ac.uk", "7700900123", "Dear reader"):
        assert personal not in logged
