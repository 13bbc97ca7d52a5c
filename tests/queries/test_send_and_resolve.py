"""“Send and resolve” replies and resolves in one transaction (MAIL-1)."""

from typing import Any

import pytest
from django.db import transaction
from django.db.models.signals import post_save
from django.urls import reverse

from foundation.outcomes.refusals import Refused
from messaging.models import OutboxMessage
from queries.models import Query, QueryMessage
from queries.operations.handle_query import resolve_query
from tests.cast import Cast, assemble
from tests.queries.test_queries import as_, ask

pytestmark = [pytest.mark.django_db, pytest.mark.policy("MAIL-1")]


def test_one_button_replies_and_resolves(cast: Cast) -> None:
    query = ask(cast)
    where = reverse("query_answer", args=[query.public_id])
    answer = as_(cast.front_desk).post(where, {"text": "At nine.", "resolve": "1"})
    assert answer.status_code == 302
    assert Query.objects.get().is_resolved
    assert OutboxMessage.objects.filter(kind="queries.replied").count() == 1


@pytest.mark.django_db(transaction=True)
def test_nobody_comes_between_replying_and_resolving(transactional_db: None) -> None:
    """A colleague resolves the query as soon as the reply is committed: no refusal for a reply that was sent."""
    cast = assemble()
    query = ask(cast)
    colleague: list[str] = []

    def resolve_after(instance: QueryMessage, **more: Any) -> None:
        transaction.on_commit(resolve_now)

    def resolve_now() -> None:
        try:
            resolve_query(query=query, by=cast.manager)
        except Refused as refused:
            colleague.append(refused.code)

    post_save.connect(resolve_after, sender=QueryMessage)
    try:
        where = reverse("query_answer", args=[query.public_id])
        answer = as_(cast.front_desk).post(where, {"text": "At nine.", "resolve": "1"})
    finally:
        post_save.disconnect(resolve_after, sender=QueryMessage)
    assert (answer.status_code, colleague) == (302, ["resolved_already"])
    assert OutboxMessage.objects.filter(kind="queries.replied").count() == 1
