"""Every button of a query's page brings along what was typed into the reply."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Draft
from foundation.values.public_ids import new_public_id
from messaging.models import OutboxMessage
from queries.models import Query, QueryMessage, ReplyTemplate
from queries.operations.merge_queries import merge_queries
from tests.cast import Cast
from tests.queries.test_queries import as_, ask

pytestmark = pytest.mark.django_db

TYPED = "I have read both offers."


def answer_page(query: Query) -> str:
    return reverse("query_answer", args=[query.public_id])


def shown(client: Client, query: Query) -> str:
    """The reply as the page shows it."""
    return str(client.get(answer_page(query)).context["reply_form"]["text"].value() or "")


def test_a_template_is_put_behind_what_was_typed_and_sends_nothing(cast: Cast) -> None:
    template, query = ReplyTemplate.objects.create(name="Hi", text="Dear {first_name}"), ask(cast)
    said = {"text": f"{TYPED}\n", "template": template.public_id, "once": "a" * 12}
    answer = as_(cast.adviser).post(answer_page(query), said)
    form = answer.context["reply_form"]
    assert answer.status_code == 200
    assert form["text"].value() == f"{TYPED}\n\nDear {cast.student.first_name}"
    assert form["waits"].value() is False
    assert query.messages.count() == 1
    assert not OutboxMessage.objects.filter(kind="queries.replied").exists()


def test_a_template_alone_begins_the_reply_and_an_unknown_one_changes_nothing(cast: Cast) -> None:
    template, query = ReplyTemplate.objects.create(name="Hi", text="Dear {first_name}"), ask(cast)
    client = as_(cast.adviser)
    begun = client.post(answer_page(query), {"text": " ", "waits": "on", "template": template.public_id})
    assert begun.context["reply_form"]["text"].value() == f"Dear {cast.student.first_name}"
    assert begun.context["reply_form"]["waits"].value() is True
    unknown = client.post(answer_page(query), {"text": TYPED, "template": "nothing"})
    assert unknown.context["reply_form"]["text"].value() == TYPED


def test_a_template_keeps_the_version_and_the_key_of_the_page(cast: Cast) -> None:
    """What was written meanwhile has not been shown, so sending must still ask."""
    template, query = ReplyTemplate.objects.create(name="Hi", text="Dear {first_name}"), ask(cast)
    version, once = query.version, new_public_id()
    QueryMessage.objects.create(query=query, kind="comment", text="Wait", by=cast.manager, at=query.last_at)
    said = {"text": TYPED, "version": version, "once": once, "template": template.public_id}
    page = as_(cast.adviser).post(answer_page(query), said).content.decode()
    assert f'name="version" value="{version}"' in page
    assert f'name="once" value="{once}"' in page


ACTIONS: dict[str, Callable[[Cast, Query], dict[str, str]]] = {
    "query_assign": lambda cast, other: {"owner": cast.manager.public_id},
    "query_recategorise": lambda cast, other: {"category": "technical"},
    "query_state": lambda cast, other: {"to": "resolved"},
    "query_merge": lambda cast, other: {"into": other.public_id},
}


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_keeps_the_unsent_reply(cast: Cast, action: str) -> None:
    query, other = ask(cast), ask(cast)
    client = as_(cast.adviser)
    done = client.post(reverse(action, args=[query.public_id]), {"text": TYPED, **ACTIONS[action](cast, other)})
    assert done.status_code == 302
    assert shown(client, other if action == "query_merge" else query) == TYPED
    assert client.post(answer_page(other), {"text": TYPED}).status_code == 302


@pytest.mark.parametrize("action", ACTIONS)
def test_a_refused_action_keeps_the_unsent_reply(cast: Cast, action: str) -> None:
    query, other = ask(cast), ask(cast)
    said = {"text": TYPED, "waits": "on", "version": "of-another-day", **ACTIONS[action](cast, other)}
    answer = as_(cast.adviser).post(reverse(action, args=[query.public_id]), said)
    assert answer.status_code == 409
    assert answer.context["reply_form"]["text"].value() == TYPED


def test_undoing_a_merge_keeps_the_unsent_reply(cast: Cast) -> None:
    query, other = ask(cast), ask(cast)
    merge_queries(query=query, into=other, by=cast.adviser)
    client = as_(cast.adviser)
    client.post(reverse("query_unmerge", args=[query.public_id]), {"text": TYPED})
    assert shown(client, other) == TYPED


def test_an_emptied_box_leaves_no_draft(cast: Cast) -> None:
    query = ask(cast)
    client = as_(cast.adviser)
    for text in (TYPED, " "):
        client.post(reverse("query_assign", args=[query.public_id]), {"text": text, "owner": ""})
    assert shown(client, query) == ""
    assert not Draft.objects.exists()


def test_a_comment_and_a_reply_keep_each_other(cast: Cast) -> None:
    query, client = ask(cast), as_(cast.adviser)
    comment = reverse("query_comment", args=[query.public_id])
    refused = client.post(comment, {"text": TYPED, "comment": " "})
    assert refused.context["reply_form"]["text"].value() == TYPED
    client.post(comment, {"text": TYPED, "waits": "on", "comment": "Who knows this student?"})
    assert shown(client, query) == TYPED
    client.post(answer_page(query), {"text": TYPED, "waits": "on", "comment": "Ask Helen"})
    assert shown(client, query) == ""
    assert client.get(answer_page(query)).context["comment_form"]["comment"].value() == "Ask Helen"
    client.post(comment, {"text": " ", "waits": "on", "comment": "Ask Helen"})
    assert not Draft.objects.exists()
    assert query.messages.count() == 4


def test_the_reply_that_was_taken_back_stands_beside_a_comment(cast: Cast) -> None:
    query, client = ask(cast), as_(cast.adviser)
    client.post(answer_page(query), {"text": TYPED, "waits": "on", "comment": "Ask Helen"})
    client.post(reverse("query_undo", args=[query.public_id]))
    page = client.get(answer_page(query))
    assert page.context["reply_form"]["text"].value() == TYPED
    assert page.context["comment_form"]["comment"].value() == "Ask Helen"
