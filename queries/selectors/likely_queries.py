"""Queries that an email from an unproven address may belong to, for the colleague who decides."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import BinaryField, F, Q
from django.db.models.functions import Substr

from accounts.models import User
from messaging.models import OutboxMessage
from queries.models import InboundEmail, Query
from queries.models.query import QueryQuerySet
from queries.rules.mime import split, values
from queries.rules.subjects import base_subject
from queries.selectors.inbox import inbox

HEADERS_READ = 64 * 1024
"""Bytes of an email that are read for its headers."""
MOST = 20
OURS = re.compile(r"<(?:query-)?([a-z0-9]{12})@[^<>@\s]{1,200}>")


@dataclass(frozen=True, slots=True)
class LikelyQuery:
    query: Query
    why: str


def likely_queries(query: Query, reader: User, words: str) -> list[LikelyQuery]:
    """At most five queries, whatever is found. The most likely first; with `words`, what the search finds instead."""
    mine = Query.objects.answered_by(reader).exclude(pk=query.pk).select_related("person")
    if words:
        found = inbox(reader, "", "", words).exclude(pk=query.pk)
        return [LikelyQuery(each, "") for each in _joinable(query, found)[:MOST]]
    if query.person_id is not None:
        same = mine.filter(person=query.person).order_by("-last_at", "-pk")
        return [LikelyQuery(each, "the same person") for each in same[:MOST]]
    likely: dict[int, LikelyQuery] = {}
    for why, some in (
        ("it answers an email about this query", mine.filter(public_id__in=_named_in_headers(query))),
        ("the same address", _joinable(query, mine.filter(_same_address(query)))),
        ("the same subject", _joinable(query, mine.filter(subject__iexact=base_subject(query.subject)))),
    ):
        for each in _joinable(query, some).order_by("-last_at", "-pk")[:MOST]:
            likely.setdefault(each.pk, LikelyQuery(each, why))
    return list(likely.values())[:MOST]


def _joinable(query: Query, found: QueryQuerySet) -> QueryQuerySet:
    """Those that `may_be_of` accepts."""
    if query.person_id is not None:
        return found.filter(person=query.person)
    return found.filter(Q(person__isnull=False) | Q(from_address__iexact=query.from_address))


def _same_address(query: Query) -> Q:
    people = User.objects.with_email(query.from_address).values("pk")
    return Q(person__in=people) | Q(from_address__iexact=query.from_address)


def _named_in_headers(query: Query) -> set[str]:
    """Two queries. Ids of the queries whose emails this one answers, by its own account (In-Reply-To, References).

    They prove nothing, since a sender can write any id there.
    """
    beginning = Substr(F("raw"), 1, HEADERS_READ, output_field=BinaryField())
    raw = InboundEmail.objects.filter(query=query).annotate(beginning=beginning).order_by("pk")
    first = raw.values_list("beginning", flat=True).first()
    headers, _ = split(bytes(first or b""))
    named = set(OURS.findall(" ".join(values(headers, name) for name in ("in-reply-to", "references"))))
    if not named:
        return set()
    return named | set(OutboxMessage.objects.filter(public_id__in=named).values_list("regarding", flat=True))
