"""A Django mail backend that writes to the outbox, so that accounts and allauth can send without importing
messaging."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING, cast

from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from foundation.values.outbox_email import OutboxEmail
from foundation.values.public_ids import new_public_id
from foundation.values.times import database_now
from messaging.models import Channel, OutboxMessage
from messaging.operations.queue_message import store_messages
from messaging.rules.kinds import Attachment, Composed

if TYPE_CHECKING:
    from accounts.models import User

MAIL_KIND = "accounts.mail"
OF_USE_FOR = timedelta(days=1)
"""Such mail carries one-time links, which expire after a day. An `OutboxEmail` sets its own limit."""


class OutboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Stores one message per recipient, in the caller's transaction or one of its own."""
        now = database_now()
        with transaction.atomic():
            stored = [
                _message(mail, address, now) for mail in email_messages for address in dict.fromkeys(mail.recipients())
            ]
            store_messages(stored, now)
        return len(email_messages)


def compose_ready_mail(message: OutboxMessage) -> Composed:
    attachments = cast("list[Attachment]", message.attachments)
    return Composed(message.subject, message.body_text, message.body_html, attachments)


def _message(mail: EmailMessage, address: str, now: datetime) -> OutboxMessage:
    public_id, to_address = new_public_id(), parseaddr(address)[1] or address
    once = mail.once if isinstance(mail, OutboxEmail) else ""
    of_use_for = mail.of_use_for if isinstance(mail, OutboxEmail) else OF_USE_FOR
    return OutboxMessage(
        public_id=public_id,
        kind=MAIL_KIND,
        channel=Channel.EMAIL,
        recipient=_whose(to_address),
        to_address=to_address,
        dedupe_key=f"{MAIL_KIND}:{once or public_id}",
        not_before=now,
        try_at=now,
        expires_at=now + of_use_for,
        created_at=now,
        subject=" ".join(str(mail.subject).split())[:300],
        body_text=str(mail.body) if mail.content_subtype == "plain" else "",
        body_html=_html(mail),
        attachments=_attachments(mail),
    )


def _whose(address: str) -> User | None:
    """The person with this University or contact address, so that their messages are deleted with them."""
    person: User | None = get_user_model().objects.with_email(address).first()
    return person


def _html(mail: EmailMessage) -> str:
    if mail.content_subtype == "html":
        return str(mail.body)
    alternatives = mail.alternatives if isinstance(mail, EmailMultiAlternatives) else []
    return next((str(content) for content, mimetype in alternatives or [] if mimetype == "text/html"), "")


def _attachments(mail: EmailMessage) -> list[Attachment]:
    """Accepts text attachments only: the outbox row stores them, and it should not hold files."""
    kept: list[Attachment] = []
    for attachment in mail.attachments:
        if not isinstance(attachment, tuple) or not isinstance(attachment[1], str):
            raise ValueError("The outbox keeps text attachments only.")
        name, text, content_type = attachment
        kept.append({"name": name or "attachment.txt", "content_type": content_type or "text/plain", "text": text})
    return kept
