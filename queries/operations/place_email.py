"""Decides where an email belongs: in the thread whose reply address it used, in a query of its own, or in none.

The callers record it.
"""

from __future__ import annotations

from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings

from foundation.values.times import database_now, local_day
from queries.models import Category, Handling, InboundEmail, Query, Via
from queries.operations.open_query import NewQuery, open_query
from queries.operations.write_message import write_to_query
from queries.rules.emails import ReadEmail, words_of_email
from queries.rules.reply_address import is_ours, query_id_in

MOST_AN_HOUR = 20
"""How many queries emails with one sender address may open per hour.

Further ones wait for a colleague. None is dropped, because anybody can forge an address; emails that prove their thread
do not count.
"""

UNKNOWN = "unknown@invalid"
IN_A_QUERY = (Handling.THREADED, Handling.OPENED)


def place_email(email: InboundEmail, said: ReadEmail, *, whatever_it_is: bool = False) -> None:
    """`whatever_it_is`: a colleague has looked at it, so it becomes a query even if it would usually be ignored."""
    thread = _thread(said)
    email.handling, email.reason = (Handling.QUEUED, "") if whatever_it_is else _passed_over(email, said, thread)
    if email.handling == Handling.QUEUED:
        words = words_of_email(said, email.size, is_whole=email.size == len(bytes(email.raw)))
        email.query = _joined(email, said, thread, words) if thread else _opened(email, said, words)
        email.handling, email.reason = Handling.THREADED if thread else Handling.OPENED, ""
    email.save(update_fields=["handling", "reason", "query"])


def _joined(email: InboundEmail, said: ReadEmail, thread: Query, words: str) -> Query:
    message = write_to_query(
        query=thread, text=words, by=None, via=Via.EMAIL, quoted=said.quoted, sender=said.sender, email=email
    )
    return message.query


def _opened(email: InboundEmail, said: ReadEmail, words: str) -> Query:
    asked = NewQuery(Category.GENERAL, said.subject, words, quoted=said.quoted)
    return open_query(person=None, asked=asked, by=None, via=Via.EMAIL, sender=said.sender or UNKNOWN, email=email)


def _passed_over(email: InboundEmail, said: ReadEmail, thread: Query | None) -> tuple[str, str]:
    """Ignored or held, with the reason; otherwise still queued."""
    ours = {parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower(), settings.QUERIES_REPLY_ADDRESS.lower()} - {""}
    if said.automatic:
        return Handling.IGNORED, said.automatic
    if said.sender.lower() in ours:
        return Handling.IGNORED, "from our own address"
    if _is_second_copy(email, said, thread):
        return Handling.IGNORED, "came before (same Message-ID, same words)"
    if thread is None and said.sender and _opened_lately(email, said.sender) >= MOST_AN_HOUR:
        return Handling.HELD, f"more than {MOST_AN_HOUR} with this address within an hour"
    return Handling.QUEUED, ""


def _is_second_copy(email: InboundEmail, said: ReadEmail, thread: Query | None) -> bool:
    """Is the same content with the same Message-ID in a query already (in this thread, if it proves one)?

    The Message-ID alone proves nothing: somebody who guesses or copies one must not make the genuine email disappear.
    """
    if not said.message_id:
        return False
    same = InboundEmail.objects.filter(message_id=said.message_id, content=said.content, handling__in=IN_A_QUERY)
    if thread is not None:
        same = same.filter(query=thread.merged_into_id or thread.pk)
    return same.exclude(pk=email.pk).exists()


def _opened_lately(email: InboundEmail, sender: str) -> int:
    since = email.received_at - timedelta(hours=1)
    lately = InboundEmail.objects.filter(received_at__gt=since, sender__iexact=sender, handling=Handling.OPENED)
    return lately.exclude(pk=email.pk).count()


def _thread(said: ReadEmail) -> Query | None:
    """The query whose own, unexpired reply address the email was sent to. `write_to_query` follows merges."""
    today = local_day(database_now())
    for each in said.to:
        if named := query_id_in(each):
            public_id, until, mac = named
            query = Query.objects.select_related("person").filter(public_id=public_id).first()
            if query and is_ours(public_id, query.person_id, until, mac, today):
                return query
    return None
