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


def _email(template: str, subject: str) -> Compose:
    def compose(message: OutboxMessage) -> Composed | Withdrawn:
        query = query_of(message)
        if query is None or (template == "resolved" and not query.is_resolved):
            return Withdrawn("The query has changed since.")
        return worded(template, subject.format(subject=query.subject), query)

    return compose


def _reply(message: OutboxMessage) -> Composed | Withdrawn:
    query = query_of(message)
    said = QueryMessage.objects.select_related("by").filter(public_id=message.context["message"]).first()
    if query is None or said is None:
        return Withdrawn("The query is no longer there.")
    return worded("replied", f"Re: {query.subject}", query, said=said)


def query_of(message: OutboxMessage) -> Query | None:
    found = Query.objects.select_related("person", "merged_into__person", "decided_by", "strike")
    query: Query | None = found.filter(public_id=message.context["query"]).first()
    return query.merged_into if query and query.merged_into else query


def worded(template: str, subject: str, query: Query, **more: Any) -> Composed:
    policy, today = policy_in_force(), local_day(database_now())
    answer_to = reply_address(query.public_id, query.person_id, today)
    kept = query.kept_until(policy.email_retention_months)
    context = {
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
    return replace(compose_email(f"queries/messages/{template}", subject, context), reply_to=answer_to)
