from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from messaging.models import DeliveryState, OutboxMessage
from messaging.notices.notice import Notice
from messaging.operations.cancel_messages import cancel_messages
from messaging.operations.queue_message import queue_messages

Build = Callable[..., Notice]
Queue = Callable[..., OutboxMessage]
Nudged = Callable[[int], list[str]]


@pytest.mark.django_db(transaction=True)
def test_a_message_cannot_be_queued_outside_a_transaction(notice: Build) -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        queue_messages([notice()])
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_failed_operation_leaves_no_message_and_no_nudge(notice: Build, nudged: Nudged) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012 - the block is what fails
        queue_messages([notice()])
        1 / 0  # noqa: B018 - fails on purpose
    assert not OutboxMessage.objects.exists()
    assert nudged(0) == []


@pytest.mark.django_db(transaction=True)
def test_what_is_due_is_nudged_after_the_commit_and_a_reminder_is_not(notice: Build, nudged: Nudged) -> None:
    with transaction.atomic():
        now, _later = queue_messages([notice(), notice(not_before=timezone.now() + timedelta(days=1))])
        assert nudged(0) == []
    assert nudged(1) == [now.public_id]


def test_many_messages_are_one_insert(notice: Build, django_assert_num_queries: Any) -> None:
    notices = [notice() for _ in range(50)]
    with django_assert_num_queries(2):  # clock, insert
        queue_messages(notices)
    assert OutboxMessage.objects.count() == 50


def test_the_same_dedupe_key_is_stored_once(notice: Build) -> None:
    first = queue_messages([notice(dedupe_key="once"), notice(dedupe_key="once")])
    queue_messages([notice(dedupe_key="once")])
    assert OutboxMessage.objects.get().public_id == first[0].public_id


def test_cancelling_reaches_what_waits_about_one_thing(queue: Queue) -> None:
    mine, other = queue(regarding="booking-1"), queue(regarding="booking-2")
    sent = queue(regarding="booking-1")
    OutboxMessage.objects.filter(pk=sent.pk).update(state=DeliveryState.SENT, sent_at=timezone.now())
    assert cancel_messages(regarding="booking-1", reason="Gone.") == 1
    states = {message.pk: (message.state, message.reason) for message in OutboxMessage.objects.all()}
    assert states[mine.pk] == (DeliveryState.CANCELLED, "Gone.")
    assert states[other.pk] == (DeliveryState.QUEUED, "")
    assert states[sent.pk][0] == DeliveryState.SENT


def test_cancelling_may_be_limited_to_some_kinds(queue: Queue) -> None:
    queue(regarding="booking-1", kind="tests.letter")
    queue(regarding="booking-1", kind="tests.reminder")
    assert cancel_messages(regarding="booking-1", kinds=["tests.reminder"], reason="Moved.") == 1
    assert OutboxMessage.objects.get(state=DeliveryState.CANCELLED).kind == "tests.reminder"


def test_cancelling_about_nothing_is_refused(queue: Queue) -> None:
    queue()
    with pytest.raises(ValueError, match="empty filter"):
        cancel_messages(regarding="", reason="Oops.")
    assert OutboxMessage.objects.get().state == DeliveryState.QUEUED


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "sending"}, "message_being_sent_is_leased"),
        ({"lease_until": timezone.now()}, "message_being_sent_is_leased"),
        ({"state": "sent"}, "message_sent_says_when"),
        ({"sent_at": timezone.now()}, "message_sent_says_when"),
        ({"state": "failed"}, "message_unsent_says_why"),
        ({"state": "unknown"}, "message_unsent_says_why"),
        ({"state": "lost"}, "message_state_is_known"),
        ({"channel": "pigeon"}, "message_channel_is_known"),
        ({"purpose": "gossip"}, "message_purpose_is_known"),
        ({"recipient": None}, "message_goes_to_somebody"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "message_expires_after_it_is_due"),
    ],
)
def test_the_database_refuses_what_makes_no_sense(queue: Queue, changes: dict[str, Any], constraint: str) -> None:
    message = queue()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        OutboxMessage.objects.filter(pk=message.pk).update(**changes)


def test_the_sweep_reads_an_index_of_what_is_due_only(queue: Queue) -> None:
    queue()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = OutboxMessage.objects.due(timezone.now()).order_by("try_at", "id")[:1].explain()
    assert "message_due" in plan


def test_people_see_their_own_messages_and_administrators_all(queue: Queue, reader: Any) -> None:
    message = queue()
    outsider = type(reader).objects.create_user("outsider@example.ac.uk", given_name="Out")
    administrator = type(reader).objects.create_superuser("admin@example.ac.uk", given_name="Ad")
    assert [*OutboxMessage.objects.visible_to(reader)] == [message]
    assert [*OutboxMessage.objects.visible_to(outsider)] == []
    assert [*OutboxMessage.objects.visible_to(administrator)] == [message]
