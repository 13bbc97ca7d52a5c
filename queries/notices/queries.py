"""Emails to the person of a query when it arrives, when we reply and when it is resolved. Sent at once."""

from messaging.models import Channel
from messaging.notices.notice import Notice
from queries.models import Query, QueryMessage

RECEIVED, REPLIED, RESOLVED, DECIDED = "queries.received", "queries.replied", "queries.resolved", "queries.decided"


def received(query: Query) -> Notice:
    return _notice(RECEIVED, query, query.public_id)


def replied(query: Query, message: QueryMessage) -> Notice:
    return _notice(REPLIED, query, message.public_id, message=message.public_id)


def resolved(query: Query) -> Notice:
    """Sent once each time the query is resolved."""
    return _notice(RESOLVED, query, f"{query.public_id}:{query.resolved_at:%Y%m%d%H%M%S%f}")


def decided(query: Query) -> Notice:
    return _notice(DECIDED, query, query.public_id)


def _notice(kind: str, query: Query, once: str, **more: str) -> Notice:
    return Notice(
        kind=kind,
        channel=Channel.EMAIL,
        recipient=query.person,
        to_address=query.from_address,
        regarding=query.public_id,
        dedupe_key=f"{kind}:{once}",
        context={"query": query.public_id, **more},
    )
