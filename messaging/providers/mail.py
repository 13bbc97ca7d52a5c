"""Builds an email from a message, to send it or to show it."""

from collections.abc import Sequence
from email.message import Message
from email.utils import format_datetime, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from messaging.models import OutboxMessage
from messaging.rules.kinds import Attachment, Composed


def message_id_of(message: OutboxMessage) -> str:
    """The same for every attempt, so that mail programs can recognise a repeated email."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{message.public_id}@{domain}>"


def as_mail(
    message: OutboxMessage, composed: Composed, connection: BaseEmailBackend | None = None, *, alternatives: bool = True
) -> EmailMultiAlternatives:
    """`alternatives`: whether the connection can send alternatives other than HTML. If not, they become attachments."""
    headers = {"Message-ID": message.message_id}
    if not composed.is_typed:
        headers["Auto-Submitted"] = "auto-generated"
    if composed.in_reply_to:
        headers |= {"In-Reply-To": composed.in_reply_to, "References": " ".join(composed.references)}
    if message.sent_at is not None:
        headers["Date"] = format_datetime(message.sent_at)
    mail = EmailMultiAlternatives(
        subject=" ".join(composed.subject.split()),
        body=composed.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.to_address],
        reply_to=[answer_to] if (answer_to := composed.reply_to or settings.MESSAGING_REPLY_TO) else None,
        headers=headers,
        connection=connection,
    )
    if composed.html:
        mail.attach_alternative(composed.html, "text/html")
    _attach(mail, composed.attachments, alternatives=alternatives)
    return mail


def _attach(mail: EmailMultiAlternatives, attachments: Sequence[Attachment], *, alternatives: bool) -> None:
    for attachment in attachments:
        content_type = _without_charset(attachment["content_type"])
        if alternatives and attachment.get("alternative"):
            mail.attach_alternative(attachment["text"], content_type)
        else:
            mail.attach(attachment["name"], attachment["text"], content_type)


def _without_charset(content_type: str) -> str:
    """Django adds the charset, and a second one makes mail programs ignore the part."""
    header = Message()
    header["Content-Type"] = content_type
    if header.get_param("charset") is None:
        return content_type
    header.del_param("charset")
    return str(header["Content-Type"])
