from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from messaging.models import DeliveryState, OutboxMessage
from messaging.operations.deliver import deliver_due
from messaging.operations.queue_again import queue_again
from messaging.rules.kinds import Composed
from tests.messaging.peers.mail_server import MailServer

pytestmark = pytest.mark.django_db

ICS = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
BOOKED = Composed(
    "Booked: Careers guidance – Tuesday",
    "You are booked, Zoë.\n",
    "<p>You are booked, Zoë.</p>",
    [{"name": "appointment.ics", "content_type": "text/calendar; method=REQUEST", "text": ICS}],
)


@pytest.fixture(autouse=True)
def _peers(peers: None) -> None:
    pass


def test_an_email_arrives_as_composed(
    queue: Callable[..., OutboxMessage], composing: Callable[..., str], mail_server: MailServer
) -> None:
    message = queue(kind=composing(BOOKED))
    deliver_due()
    (mail,) = mail_server.accepted
    assert mail["From"] == "Careers Service <careers@example.ac.uk>"
    assert mail["Reply-To"] == "careers@example.ac.uk"
    assert mail["To"] == "reader@example.ac.uk"
    assert mail["Subject"] == "Booked: Careers guidance – Tuesday"
    assert mail["Message-ID"] == f"<{message.public_id}@example.ac.uk>"
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().strip() == "You are booked, Zoë."
    assert html.get_content().strip() == "<p>You are booked, Zoë.</p>"
    (calendar,) = mail.iter_attachments()
    assert calendar.get_content_type() == "text/calendar"
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_filename() == "appointment.ics"
    assert "BEGIN:VCALENDAR" in calendar.get_content()


@pytest.mark.parametrize(
    ("step", "answer", "state"),
    [
        ("answer_to_recipient", "550 No such person", DeliveryState.FAILED),
        ("answer_to_recipient", "450 Mailbox busy", DeliveryState.QUEUED),
        ("answer_to_data", "554 Looks like spam", DeliveryState.FAILED),
        ("answer_to_data", "452 Full", DeliveryState.QUEUED),
    ],
)
def test_the_mail_servers_code_says_whether_to_try_again(
    queue: Callable[..., OutboxMessage], mail_server: MailServer, step: str, answer: str, state: DeliveryState
) -> None:
    setattr(mail_server, step, answer)
    message = queue()
    deliver_due()
    message.refresh_from_db()
    assert message.state == state
    assert answer[:3] in message.reason or state == DeliveryState.QUEUED
    assert "reader@" not in message.reason


def test_an_unreachable_mail_server_is_temporary(queue: Callable[..., OutboxMessage], settings: Any) -> None:
    settings.EMAIL_PORT = 1
    message = queue()
    deliver_due()
    message.refresh_from_db()
    assert message.state == DeliveryState.QUEUED
    assert "ConnectionRefusedError" in message.reason


def test_a_header_cannot_be_injected(
    queue: Callable[..., OutboxMessage], composing: Callable[..., str], mail_server: MailServer
) -> None:
    queue(kind=composing(Composed("Hello\r\nBcc: everybody@example.ac.uk", "Text.\n")))
    deliver_due()
    (mail,) = mail_server.accepted
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Hello Bcc: everybody@example.ac.uk"


def test_an_address_with_a_line_break_fails_for_good(queue: Callable[..., OutboxMessage]) -> None:
    message = queue(to_address="a@example.ac.uk\nBcc: b@example.ac.uk")
    deliver_due()
    message.refresh_from_db()
    assert message.state == DeliveryState.FAILED


def test_a_failed_email_may_be_queued_again_by_a_person(
    queue: Callable[..., OutboxMessage], reader: Any, mail_server: MailServer
) -> None:
    mail_server.answer_to_recipient = "550 No such person"
    message = queue()
    deliver_due()
    mail_server.answer_to_recipient = ""
    message.refresh_from_db()
    queue_again(message, by=reader)
    deliver_due()
    message.refresh_from_db()
    assert message.state == DeliveryState.SENT
    assert len(mail_server.accepted) == 1
