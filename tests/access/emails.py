"""Emails in the scene, one unreadable and one in the thread of an appeal, and a query merged into another."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from foundation.values.times import database_now, local_day
from queries.models import Category, InboundEmail, Query
from queries.operations.merge_queries import merge_queries
from queries.operations.open_query import NewQuery, open_query
from queries.operations.receive_email import receive_email
from queries.rules.reply_address import reply_address


def _email(words: str, to: str = "careers@example.ac.uk") -> bytes:
    return f"From: a@b.example\nTo: {to}\nSubject: {words}\n\n{words}".encode()


def emails(secrets: dict[str, str], about: dict[str, Any]) -> dict[str, Any]:
    failed = receive_email(raw=_email(secrets["inbound_email"]))
    InboundEmail.objects.filter(pk=failed.pk).update(handling="failed", query=None)
    Query.objects.filter(from_address="a@b.example").delete()
    appeal = Query.objects.get(public_id=about["appeal"]["public_id"])
    to = reply_address(appeal.public_id, appeal.person_id, local_day(database_now()))
    joined = receive_email(raw=_email(secrets["appeal_email"], to))
    merged = _merged_into(Query.objects.get(public_id=about["query"]["public_id"]))
    found = {"inbound_email": failed, "appeal_email": joined, "merged_query": merged}
    return {name: {"public_id": each.public_id} for name, each in found.items()}


def _merged_into(query: Query) -> Query:
    manager = User.objects.filter(roles=["careers_manager"]).earliest("pk")
    asked = NewQuery(Category.GENERAL, "Again", "The same")
    merged = open_query(person=query.person, asked=asked, by=query.person)
    merge_queries(query=merged, into=query, by=manager)
    return merged
