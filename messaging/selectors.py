"""Messages as their recipients see them; permissions and heartbeats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db.models import Q
from django.db.models.functions import Coalesce

from accounts.models import User
from messaging.models import Channel, ContactPermission, DeliveryState, Heartbeat, OutboxMessage, Purpose
from messaging.providers.mail import as_mail
from messaging.rules.heartbeats import address_of
from messaging.rules.kinds import Attachment, Composed

MOST = 200
HEADERS = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID")


@dataclass(frozen=True)
class ReceivedMessage:
    id: str
    kind: str
    channel: str
    state: str
    state_words: str
    to: str
    subject: str
    text: str
    html: str
    attachments: Sequence[Attachment]
    message_id: str
    reason: str
    sent_at: datetime | None
    not_before: datetime
    headers: Sequence[tuple[str, str]] = ()

    @property
    def kind_words(self) -> str:
        """A readable name before the text is composed: `appointments.reminder` → `Reminder`."""
        return self.kind.rpartition(".")[2].replace("_", " ").capitalize()


def received_messages(*, to: str = "", state: str = "", most: int = MOST) -> list[ReceivedMessage]:
    """The newest first, by when they were sent or else queued. `to` is a full address, or a person's email address."""
    messages = OutboxMessage.objects.select_related("recipient")
    if to:
        messages = messages.filter(Q(to_address__iexact=to) | Q(recipient__in=User.objects.with_email(to)))
    if state:
        messages = messages.filter(state=state)
    newest = messages.order_by(Coalesce("sent_at", "created_at").desc(), "-id")
    return [_received(message) for message in newest[:most]]


def received_message(public_id: str) -> ReceivedMessage | None:
    message = OutboxMessage.objects.select_related("recipient").filter(public_id=public_id).first()
    return _received(message, with_headers=True) if message else None


def _received(message: OutboxMessage, *, with_headers: bool = False) -> ReceivedMessage:
    return ReceivedMessage(
        id=message.public_id,
        kind=message.kind,
        channel=message.channel,
        state=message.state,
        state_words=DeliveryState(message.state).label,
        to=address_of(message),
        subject=message.subject,
        text=message.body_text,
        html=message.body_html,
        attachments=cast("list[Attachment]", message.attachments),
        message_id=message.message_id,
        reason=message.reason,
        sent_at=message.sent_at,
        not_before=message.not_before,
        headers=_headers(message) if with_headers and message.message_id else (),
    )


def _headers(message: OutboxMessage) -> Sequence[tuple[str, str]]:
    """The headers of the email, built by the function that builds it for sending."""
    if message.channel != Channel.EMAIL:
        return (("To", message.to_address),)
    mail = as_mail(message, Composed(message.subject, message.body_text, message.body_html)).message()
    return tuple((name, str(mail[name])) for name in HEADERS if mail[name])


def permissions_in_force(person: User) -> dict[tuple[str, str], bool]:
    """Maps (purpose, channel) to yes or no. Missing means no permission (DATA-1). One query."""
    latest = ContactPermission.objects.filter(person=person).in_force()
    return {(each.purpose, each.channel): each.given for each in latest}


def is_permitted(message: OutboxMessage) -> bool:
    """Is it permitted now? A permission may have been withdrawn since the message was queued."""
    if message.purpose == Purpose.SERVICE:
        return True
    if message.recipient is None:
        return False
    return permissions_in_force(message.recipient).get((message.purpose, message.channel), False)


def heartbeats() -> dict[str, datetime]:
    """When each part last worked; parts that never did are missing."""
    return dict(Heartbeat.objects.values_list("part", "at"))
