"""The demonstration's tray, and the administrators' view of the outbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from messaging.models import DeliveryState, OutboxMessage
from messaging.operations.deliver import deliver_due
from messaging.rules.kinds import Composed
from tests.page_parts import empty_states

pytestmark = pytest.mark.django_db

Queue = Callable[..., OutboxMessage]
BOOKED = Composed(
    "Booked: Careers guidance",
    "You are booked.\n",
    "<p>You are booked.</p><script>alert(1)</script>",
    [{"name": "appointment.ics", "content_type": "text/calendar; method=REQUEST", "text": "BEGIN:VCALENDAR\r\n"}],
)


@pytest.fixture
def booked(queue: Queue, composing: Callable[..., str]) -> OutboxMessage:
    message = queue(kind=composing(BOOKED))
    deliver_due()
    message.refresh_from_db()
    return message


def test_outbox_list(client: Client, booked: OutboxMessage, queue: Queue) -> None:
    queue(not_before=timezone.now() + timedelta(days=1))
    page = client.get(reverse("outbox_list")).content.decode()
    assert "Booked: Careers guidance" in page
    assert "reader@example.ac.uk" in page
    assert "To be sent" in page


def test_outbox_list_is_empty_at_first(client: Client) -> None:
    assert empty_states(client.get(reverse("outbox_list"))) == 1


@pytest.mark.parametrize(("query", "headers"), [("?format=json", {}), ("", {"accept": "application/json"})])
def test_outbox_list_for_programs(client: Client, booked: OutboxMessage, query: str, headers: dict[str, str]) -> None:
    (message,) = client.get(reverse("outbox_list") + query, headers=headers).json()
    assert message == {
        "id": booked.public_id,
        "kind": "tests.other",
        "channel": "email",
        "to": "reader@example.ac.uk",
        "subject": "Booked: Careers guidance",
        "text": "You are booked.\n",
        "html": BOOKED.html,
        "attachments": [*BOOKED.attachments],
        "message_id": f"<{booked.public_id}@example.ac.uk>",
        "state": "sent",
        "sent_at": message["sent_at"],
        "not_before": message["not_before"],
    }


def test_outbox_list_by_recipient_and_state(client: Client, booked: OutboxMessage, queue: Queue) -> None:
    waiting = queue(not_before=timezone.now() + timedelta(days=1))

    def ids(query: str) -> list[str]:
        return [message["id"] for message in client.get(f"{reverse('outbox_list')}?format=json&{query}").json()]

    assert ids("state=queued") == [waiting.public_id]
    assert set(ids("to=READER@example.ac.uk")) == {waiting.public_id, booked.public_id}
    assert ids("to=nobody@example.ac.uk") == []
    assert client.get(f"{reverse('outbox_list')}?state=nonsense").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_outbox_list_takes_one_query_for_any_number(
    client: Client, queue: Queue, rows: int, django_assert_num_queries: Any
) -> None:
    for _ in range(rows):
        queue()
    with django_assert_num_queries(1):
        client.get(reverse("outbox_list"))


def test_outbox_detail(client: Client, booked: OutboxMessage) -> None:
    page = client.get(reverse("outbox_detail", args=[booked.public_id])).content.decode()
    for seen in (booked.message_id.strip("<>"), "Careers Service", "BEGIN:VCALENDAR", "appointment.ics", "sandbox"):
        assert seen in page
    assert "<script>alert" not in page


def test_outbox_html_can_do_nothing(client: Client, booked: OutboxMessage) -> None:
    answer = client.get(reverse("outbox_html", args=[booked.public_id]))
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.endswith("sandbox")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.content.decode() == BOOKED.html


def test_outbox_attachment(client: Client, booked: OutboxMessage) -> None:
    answer = client.get(reverse("outbox_attachment", args=[booked.public_id, 0]))
    assert answer["Content-Type"] == "text/calendar; method=REQUEST"
    assert client.get(reverse("outbox_attachment", args=[booked.public_id, 1])).status_code == 404


@pytest.mark.parametrize("name", ["outbox_detail", "outbox_html"])
def test_an_unknown_message_is_not_found(client: Client, name: str) -> None:
    assert client.get(reverse(name, args=["nosuchletter"])).status_code == 404


@pytest.mark.parametrize("name", ["outbox_list", "outbox_detail", "outbox_html", "outbox_attachment"])
def test_there_is_no_tray_outside_the_demonstration(
    client: Client, booked: OutboxMessage, settings: Any, name: str
) -> None:
    settings.DEMONSTRATION = False
    arguments = {"outbox_list": [], "outbox_attachment": [booked.public_id, 0]}.get(name, [booked.public_id])
    assert client.get(reverse(name, args=arguments)).status_code == 404


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("admin@example.ac.uk", given_name="Ad", family_name="Min"))
    return client


def test_administrators_see_messages_but_not_their_text(office: Client, booked: OutboxMessage) -> None:
    listed = office.get(reverse("admin:messaging_outboxmessage_changelist")).content.decode()
    shown = office.get(reverse("admin:messaging_outboxmessage_change", args=[booked.pk])).content.decode()
    assert booked.public_id in listed
    assert "You are booked" not in listed + shown


def test_administrators_queue_a_failed_email_again_and_nothing_else(office: Client, queue: Queue) -> None:
    failed, text, waiting = queue(), queue(channel="sms"), queue()
    OutboxMessage.objects.filter(pk__in=[failed.pk, text.pk]).update(state=DeliveryState.FAILED, reason="Refused.")
    chosen = [failed.pk, text.pk, waiting.pk]
    address = reverse("admin:messaging_outboxmessage_changelist")
    office.post(address, {"action": "queue_again", "_selected_action": chosen})
    states = dict(OutboxMessage.objects.values_list("pk", "state"))
    assert states == {failed.pk: DeliveryState.QUEUED, text.pk: DeliveryState.FAILED, waiting.pk: DeliveryState.QUEUED}


def test_administrators_cannot_add_or_delete_messages(office: Client, booked: OutboxMessage) -> None:
    assert office.get(reverse("admin:messaging_outboxmessage_add")).status_code == 403
    assert office.post(reverse("admin:messaging_outboxmessage_delete", args=[booked.pk])).status_code == 403
    assert office.get(reverse("admin:messaging_outboxmessage_changelist")).status_code == 200
