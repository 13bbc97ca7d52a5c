"""The Message-IDs of a query's emails, by which mail programs show them as one conversation (RFC 5322, 3.6.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings

from messaging.models import Channel, OutboxMessage
from queries.models import Query, QueryMessage

MOST_REFERENCES = 20
"""The first and the latest: a long thread does not make a header that mail servers refuse."""
MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,120}@[A-Za-z0-9.:\[\]_-]{1,120}>")
"""A Message-ID that may stand in a header of ours. A stranger chose it, so anything unusual is left out."""


@dataclass(frozen=True, slots=True)
class MailThread:
    in_reply_to: str
    references: tuple[str, ...]


def first_id(query: Query) -> str:
    """The id of an email that never existed: every email about the query refers to it, and so belongs together even
    where a mail service replaces our Message-IDs."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<query-{query.public_id}@{domain}>"


def mail_thread(query: Query, message: OutboxMessage) -> MailThread:
    """Three queries. What this message answers, and the emails before it that its recipient has written or had.

    The same at every attempt to send it, whatever has been written since.
    """
    theirs = QueryMessage.objects.filter(query=query, email__isnull=False, at__lte=message.created_at)
    about = [query.public_id, *Query.objects.filter(merged_into=query).values_list("public_id", flat=True)]
    ours = OutboxMessage.objects.filter(
        regarding__in=about,
        channel=Channel.EMAIL,
        recipient=message.recipient,
        created_at__lt=message.created_at,
        sent_at__isnull=False,
    )
    if message.recipient_id is None:
        ours = ours.filter(to_address=message.to_address)
    came = list(theirs.order_by("at", "pk").values_list("at", "email__message_id"))
    went = list(ours.order_by("created_at", "pk").values_list("created_at", "message_id"))
    came, went = ([each for each in some if MESSAGE_ID.fullmatch(each[1])] for some in (came, went))
    known = [message_id for _, message_id in sorted([*came, *went])]
    root = first_id(query)
    answers = came[-1][1] if came else (known[-1] if known else root)
    return MailThread(answers, (root, *known[-(MOST_REFERENCES - 1) :]))
