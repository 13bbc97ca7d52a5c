from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.operations.once import Once
from accounts.operations.record_audit import record_audit
from documents.models import Document
from documents.operations.share import share_for_source
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.times import database_now
from messaging.operations.queue_message import queue_messages
from queries.models import Category, InboundEmail, MessageKind, Query, QueryMessage, Via
from queries.notices.queries import received
from queries.operations.appeals import appealed, tell_hold
from queries.operations.write_message import require_not_too_many
from queries.rules.about import NOTHING, About
from queries.selectors.promises import answer_day


@dataclass(frozen=True, slots=True)
class NewQuery:
    category: str
    subject: str
    text: str
    about: About = NOTHING
    documents: Sequence[Document] = ()
    quoted: str = ""


@in_one_transaction
def open_query(
    *,
    person: User | None,
    asked: NewQuery,
    by: User | None,
    via: str = Via.PAGE,
    sender: str = "",
    email: InboundEmail | None = None,
    once: str = "",
) -> Query:
    """Opens a query with its first message. `person` is empty for an email from an unknown address.

    Tells the person that it arrived and when we will answer. Locks the person. Raises Refused: no_words, no_absence
    (circumstances without the missed appointment), excused_already, appealed_already, too_many_queries. Sent twice with
    one key (`once`), it opens one.
    """
    key = Once(by, once, ("query", person and person.pk, *_said(asked)))
    if earlier := key.earlier():
        return Query.objects.select_related("person").get(public_id=earlier)
    require_words(asked)
    if person:
        lock_people(person)
    if person and by == person:
        require_not_too_many(person)
    now = database_now()
    query = _created(person, sender, asked, now)
    QueryMessage.objects.create(
        query=query, kind=MessageKind.ASKED, via=via, by=person if by == person else None, from_address=sender,
        text=asked.text.strip(), quoted=asked.quoted, email=email, at=now,
    )  # fmt: skip
    record_audit(actor=by, action="query_opened", on=query, student=person)
    tell_hold(query)
    if person:
        share_for_source(documents=asked.documents, source=query.source, by=person)
        queue_messages([received(query)], now)
    key.remember(query.public_id)
    return query


def _created(person: User | None, sender: str, asked: NewQuery, now: datetime) -> Query:
    about = appealed(person, asked.about) if person and asked.category == Category.APPEAL else asked.about
    return Query.objects.create(
        person=person,
        from_address=sender if person is None else "",
        category=asked.category,
        subject=asked.subject.strip()[:160],
        about_kind=about.kind,
        about_id=about.id,
        about_words=about.words[:200],
        strike=about.strike,
        opened_at=now,
        last_at=now,
        due_on=answer_day(now),
    )


def _said(asked: NewQuery) -> tuple[object, ...]:
    documents = sorted(each.public_id for each in asked.documents)
    return (asked.category, asked.subject, asked.text, asked.about.kind, asked.about.id, documents)


def require_words(asked: NewQuery) -> None:
    if not asked.subject.strip() or not asked.text.strip():
        raise Refused("no_words", "Enter a subject and your message.", field="text", status=422)
    strike = asked.about.strike
    if asked.category == Category.CIRCUMSTANCES and strike is None:
        raise Refused("no_absence", "Choose the missed appointment.", field="missed", status=422)
    if strike and strike.is_excused:
        raise Refused("excused_already", "This absence is excused already.", "Nothing more needs doing.", status=409)
