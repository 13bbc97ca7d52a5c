from __future__ import annotations

from typing import Any

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.db import transaction

from accounts.models import User
from messaging.models import DeliveryState, OutboxMessage
from messaging.operations.deliver import deliver_due
from tests.messaging.peers.mail_server import MailServer


@pytest.fixture(autouse=True)
def _outbox_backend(settings: Any) -> None:
    """Restores the portal's mail backend, which Django's test runner replaces."""
    settings.EMAIL_BACKEND = "messaging.mail_backend.backend.OutboxBackend"


@pytest.mark.django_db(transaction=True)
def test_mail_sent_outside_a_transaction_is_stored(reader: User) -> None:
    assert send_mail("Reset your password", "Follow the link.", None, ["READER@example.ac.uk"]) == 1
    message = OutboxMessage.objects.get()
    assert (message.kind, message.state, message.recipient) == ("accounts.mail", DeliveryState.QUEUED, reader)


@pytest.mark.django_db(transaction=True)
def test_mail_of_a_failed_operation_is_not_stored(db: None) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012 - the block is what fails
        send_mail("Hello", "There.", None, ["somebody@example.ac.uk"])
        1 / 0  # noqa: B018 - fails on purpose
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
def test_stored_mail_goes_the_same_way_as_every_message(peers: None, mail_server: MailServer) -> None:
    mail = EmailMultiAlternatives("Confirm\nyour address", "Plain.", None, ["Some Body <somebody@example.ac.uk>"])
    mail.attach_alternative("<p>Rich.</p>", "text/html")
    mail.attach("note.txt", "A note.", "text/plain")
    mail.subject = "Confirm your address"
    mail.send()
    assert deliver_due() == 1
    (arrived,) = mail_server.accepted
    assert (arrived["To"], arrived["Subject"]) == ("somebody@example.ac.uk", "Confirm your address")
    html = arrived.get_body(("html",))
    assert html is not None
    assert html.get_content().strip() == "<p>Rich.</p>"
    assert [part.get_filename() for part in arrived.iter_attachments()] == ["note.txt"]


@pytest.mark.django_db
def test_each_recipient_has_a_message_of_their_own() -> None:
    EmailMessage("Hello", "There.", None, ["a@example.ac.uk"], cc=["b@example.ac.uk"], bcc=["a@example.ac.uk"]).send()
    assert sorted(OutboxMessage.objects.values_list("to_address", flat=True)) == ["a@example.ac.uk", "b@example.ac.uk"]


@pytest.mark.django_db
def test_files_are_refused() -> None:
    mail = EmailMessage("Hello", "There.", None, ["a@example.ac.uk"])
    mail.attach("picture.png", b"\x89PNG", "image/png")
    with pytest.raises(ValueError, match="text attachments only"):
        mail.send()
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
def test_an_html_mail_keeps_its_html() -> None:
    mail = EmailMessage("Hello", "<p>Hi</p>", None, ["a@example.ac.uk"])
    mail.content_subtype = "html"
    mail.send()
    assert OutboxMessage.objects.get().body_html == "<p>Hi</p>"
