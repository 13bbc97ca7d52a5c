from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from foundation.outcomes.refusals import Refused
from messaging.models import Attempt, AttemptOutcome, DeliveryState, OutboxMessage
from messaging.operations.deliver import deliver_due
from messaging.operations.look_up_unknown import look_up_unknown
from messaging.operations.queue_again import queue_again
from messaging.operations.sweep_outbox import sweep_outbox
from tests.messaging.peers import twilio_names
from tests.messaging.peers.text_service import TextService

pytestmark = pytest.mark.django_db

Queue = Callable[..., OutboxMessage]
SPECIFICATION = Path(__file__).parents[3] / "shared" / "specs" / "twilio_api_v2010.json"


@pytest.fixture(autouse=True)
def _peers(peers: None, settings: Any) -> None:
    settings.MESSAGING_LOOK_UP_SECONDS = 0


def deliver(message: OutboxMessage) -> OutboxMessage:
    deliver_due()
    message.refresh_from_db()
    return message


def test_a_text_is_sent_from_our_number(queue: Queue, text_service: TextService) -> None:
    message = deliver(queue(channel="sms"))
    assert (message.state, message.provider, message.provider_id) == (DeliveryState.SENT, "twilio", "SM" + "0" * 32)
    (request,) = text_service.requests
    assert request["To"] == "+447700900123"
    assert request["From"] == "+447700900001"
    assert request["Body"].startswith("Dear reader")


def test_a_text_may_be_sent_by_a_messaging_service(queue: Queue, text_service: TextService, settings: Any) -> None:
    settings.TWILIO_FROM = "MG" + "1" * 32
    deliver(queue(channel="sms"))
    (request,) = text_service.requests
    assert request["MessagingServiceSid"] == settings.TWILIO_FROM
    assert "From" not in request


@pytest.mark.parametrize(
    ("status", "code", "state"),
    [
        (400, 21211, DeliveryState.FAILED),
        (400, 21610, DeliveryState.FAILED),
        (401, 20003, DeliveryState.QUEUED),
        (429, 20429, DeliveryState.QUEUED),
        (500, 20500, DeliveryState.UNKNOWN),
    ],
)
def test_twilios_answer_says_whether_to_try_again(
    queue: Queue, text_service: TextService, status: int, code: int, state: DeliveryState
) -> None:
    text_service.refuse = (status, code)
    message = deliver(queue(channel="sms"))
    assert message.state == state
    assert str(status) in message.reason
    assert "900123" not in message.reason


def test_a_service_that_cannot_be_reached_has_not_sent_it(queue: Queue, settings: Any) -> None:
    settings.TWILIO_BASE_URL = "http://127.0.0.1:1"
    assert deliver(queue(channel="sms")).state == DeliveryState.QUEUED


def test_a_text_without_an_answer_is_looked_up_and_not_sent_twice(queue: Queue, text_service: TextService) -> None:
    text_service.drop_answer = True
    message = deliver(queue(channel="sms"))
    assert message.state == DeliveryState.UNKNOWN
    assert len(text_service.accepted) == 1
    text_service.drop_answer = False
    sweep_outbox()
    message.refresh_from_db()
    assert (message.state, message.provider_id) == (DeliveryState.SENT, text_service.accepted[0]["sid"])
    assert len(text_service.requests) == 1
    assert [attempt.outcome for attempt in Attempt.objects.all()] == [AttemptOutcome.UNCERTAIN, AttemptOutcome.FOUND]


def test_a_text_that_never_arrived_is_sent_after_the_look_up_says_so(queue: Queue, text_service: TextService) -> None:
    text_service.lose_request = True
    message = deliver(queue(channel="sms"))
    assert message.state == DeliveryState.UNKNOWN
    text_service.lose_request = False
    sweep_outbox()
    message.refresh_from_db()
    assert message.state == DeliveryState.SENT
    assert len(text_service.accepted) == 1
    assert [a.outcome for a in Attempt.objects.all()] == [
        AttemptOutcome.UNCERTAIN,
        AttemptOutcome.ABSENT,
        AttemptOutcome.SENT,
    ]


def test_a_text_stays_unknown_while_nobody_can_be_asked(queue: Queue, text_service: TextService) -> None:
    text_service.drop_answer = text_service.list_fails = True
    message = deliver(queue(channel="sms"))
    assert look_up_unknown() == 1
    assert look_up_unknown() == 0  # looked up again later, not at once
    message.refresh_from_db()
    assert message.state == DeliveryState.UNKNOWN
    assert len(text_service.requests) == 1
    long_ago = timezone.now() - timedelta(days=3)
    OutboxMessage.objects.update(handed_over_at=long_ago, try_at=long_ago)
    look_up_unknown()
    message.refresh_from_db()
    assert message.state == DeliveryState.FAILED


def test_a_look_up_tells_apart_two_texts_with_the_same_words(queue: Queue, text_service: TextService) -> None:
    text_service.accept({"To": "+447700900123", "Body": "Dear reader, this is twin.", "From": "+447700900001"})
    twin = queue(channel="sms", dedupe_key="known")
    OutboxMessage.objects.filter(pk=twin.pk).update(
        state=DeliveryState.SENT,
        sent_at=timezone.now() + timedelta(minutes=1),
        to_address="+447700900123",
        provider_id=text_service.accepted[0]["sid"],
    )
    text_service.lose_request = True
    message = deliver(queue(channel="sms", dedupe_key="twin"))
    text_service.lose_request = False
    look_up_unknown()
    message.refresh_from_db()
    assert message.state == DeliveryState.QUEUED  # the one listed belongs to another message: this one never arrived


def test_a_text_that_twilio_lists_as_undelivered_has_failed(queue: Queue, text_service: TextService) -> None:
    text_service.drop_answer = True
    message = deliver(queue(channel="sms"))
    text_service.accepted[0].update(status="undelivered", error_code=30003)
    look_up_unknown()
    message.refresh_from_db()
    assert message.state == DeliveryState.FAILED
    assert "30003" in message.reason


def test_a_failed_text_is_never_queued_again(queue: Queue, text_service: TextService, reader: Any) -> None:
    text_service.refuse = (400, 21211)
    message = deliver(queue(channel="sms"))
    with pytest.raises(Refused) as refused:
        queue_again(message, by=reader)
    assert refused.value.code == "message_not_failed"


def test_the_peer_speaks_as_twilio_specifies(queue: Queue, text_service: TextService) -> None:
    deliver(queue(channel="sms"))
    assert set(text_service.requests[0]) <= twilio_names.SENT
    assert set(text_service.accepted[0]) <= twilio_names.ANSWERED
    assert text_service.url == django_settings.TWILIO_BASE_URL


def test_the_names_match_twilios_description() -> None:
    """If Twilio's description is stored next to the project, the names used here are checked against it."""
    if SPECIFICATION.exists():
        specification = json.loads(SPECIFICATION.read_text())
        path = specification["paths"]["/2010-04-01/Accounts/{AccountSid}/Messages.json"]
        form = path["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]["properties"]
        answer = specification["components"]["schemas"]["api.v2010.account.message"]["properties"]
        assert set(form) == twilio_names.SENT
        assert {parameter["name"] for parameter in path["get"]["parameters"]} == twilio_names.ASKED
        assert set(answer) == twilio_names.ANSWERED
    assert "To" in twilio_names.SENT & twilio_names.ASKED
