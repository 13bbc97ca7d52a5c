"""Composes a query's message at the moment it is sent, from the query's current state."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.rules.policy import policy_in_force
from foundation.values.times import database_now, local_day, plain_day, spoken_day
from messaging.models import OutboxMessage
from messaging.notices.wording import compose_email
from messaging.rules.kinds import Compose, Composed, Withdrawn, register_kind
from queries.models import Query, QueryMessage
from queries.notices.queries import DECIDED, RECEIVED, REPLIED, RESOLVED
from queries.rules.reply_address import reply_address
from queries.rules.subjects import answer_subject
from queries.selectors.mail_threads import mail_thread


def register_notices() -> None:
    """Confidential: people who answer no queries must not learn from the outbox what queries are about."""
    kinds: dict[str, Compose] = {
        RECEIVED: _email("received", "We have your query: {subject}"),
        REPLIED: _reply,
        RESOLVED: _email("resolved", "Done: {subject}"),
        DECIDED: _email("decided", "About the appointment you missed: our decision"),
    }
    for kind, compose in kinds.items():
        register_kind(kind, compose, confidential=True)


def _email(template: str, heading: str) -> Compose:
    def compose(message: OutboxMessage) -> Composed | Withdrawn:
        query = query_of(message)
        if query is None or (template == "resolved" and not query.is_resolved):
            return Withdrawn("The query has changed since.")
        return worded(template, heading.format(subject=query.subject), message, query)

    return compose


def _reply(message: OutboxMessage) -> Composed | Withdrawn:
    query = query_of(message)
    said = QueryMessage.objects.select_related("by").filter(public_id=message.context["message"]).first()
    if query is None or said is None:
        return Withdrawn("The query is no longer there.")
    return replace(worded("replied", answer_subject(query.subject), message, query, said=said), is_typed=True)


def query_of(message: OutboxMessage) -> Query | None:
    """The query that it was merged into, unless that is somebody else's: an address that proves nothing must not learn
    of a student's query."""
    found = Query.objects.select_related("person", "merged_into__person", "decided_by", "strike")
    query: Query | None = found.filter(public_id=message.context["query"]).first()
    into = query.merged_into if query else None
    return into if into and into.person_id == message.recipient_id else query


def worded(template: str, heading: str, message: OutboxMessage, query: Query, **more: Any) -> Composed:
    """All emails about a query have the same subject and refer to one another, so that they stay together.

    The heading inside says what each is about.
    """
    policy, today = policy_in_force(), local_day(database_now())
    answer_to = reply_address(query.public_id, query.person_id, today)
    kept = query.kept_until(policy.email_retention_months)
    context = {
        "subject": heading,
        "query": query,
        "first_name": query.person.first_name if query.person else "",
        "policy": policy,
        "due": spoken_day(query.due_on),
        "kept": plain_day(kept) if kept else "",
        "can_answer": bool(answer_to),
        "action_url": settings.SITE_URL + reverse("query_detail", args=[query.public_id]) if query.person else "",
        "action_words": "Read and answer it",
        **more,
    }
    composed = compose_email(f"queries/messages/{template}", answer_subject(query.subject), context)
    thread = mail_thread(query, message)
    return replace(composed, reply_to=answer_to, in_reply_to=thread.in_reply_to, references=thread.references)
