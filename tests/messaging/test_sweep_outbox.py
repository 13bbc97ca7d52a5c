from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command

from messaging.models import DeliveryState, OutboxMessage
from messaging.tasks import deliver_messages, sweep_outbox

pytestmark = pytest.mark.django_db


def test_the_sweep_finds_messages_without_a_nudge(queue: Callable[..., OutboxMessage]) -> None:
    message = queue()
    sweep_outbox()
    message.refresh_from_db()
    assert message.state == DeliveryState.SENT


def test_a_hint_delivers_one_message(queue: Callable[..., OutboxMessage]) -> None:
    hinted, other = queue(), queue()
    deliver_messages([hinted.public_id])
    assert [*OutboxMessage.objects.filter(state=DeliveryState.SENT)] == [hinted]
    assert [*OutboxMessage.objects.filter(state=DeliveryState.QUEUED)] == [other]


def test_an_administrator_can_sweep_without_redis_or_a_worker(queue: Callable[..., OutboxMessage]) -> None:
    message, said = queue(), StringIO()
    call_command("sweep_outbox", stdout=said)
    message.refresh_from_db()
    assert message.state == DeliveryState.SENT
    assert said.getvalue() == "1 looked at\n"
