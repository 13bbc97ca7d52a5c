"""Two colleagues in one query: the second is told of the first, loses nothing and is asked once. Merging is undone."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from eligibility.models import Strike
from foundation.outcomes.refusals import Refused
from foundation.outcomes.versions import Changed
from foundation.values.times import database_now
from messaging.models import OutboxMessage
from queries.models import Category, MessageKind, Query, QueryMessage, QueryStatus
from queries.operations.as_seen import VERBS
from queries.operations.handle_query import assign_query, reopen_query, resolve_query
from queries.operations.merge_queries import merge_queries, undo_merge
from queries.operations.open_query import NewQuery, open_query
from queries.operations.write_message import comment_on_query, reply_to_query, write_to_query
from queries.rules.about import About
from tests.appointments.racing import race
from tests.cast import Cast, assemble
from tests.page_parts import count, hidden_version, refusals, told_codes

pytestmark = [pytest.mark.django_db, pytest.mark.policy("MAIL-1")]

CHANGED = ["changed_since"]


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask(cast: Cast, category: str = Category.GENERAL, about: About | None = None) -> Query:
    asked = NewQuery(category, "Opening hours", "When are you open?", *([about] if about else []))
    return open_query(person=cast.student, asked=asked, by=cast.student)


def fresh(query: Query) -> Query:
    return Query.objects.select_related("person", "merged_into").get(pk=query.pk)


def page_of(query: Query, name: str = "query_answer") -> str:
    return reverse(name, args=[query.public_id])


def shown(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_second_answer_is_told_of_the_first(cast: Cast) -> None:
    query, fran = ask(cast), as_(cast.front_desk)
    old = hidden_version(fran.get(page_of(query)))
    reply_to_query(query=query, text="At nine.", by=cast.adviser)
    answer = fran.post(page_of(query), {"text": "At ten, I think.", "version": old})
    assert (answer.status_code, refusals(answer)) == (409, CHANGED)
    assert f"{cast.adviser.name} replied " in shown(answer)
    assert "second" in shown(answer)
    assert "At ten, I think." in answer.context["reply_form"]["text"].value()
    assert "At nine." in shown(answer)
    assert OutboxMessage.objects.filter(kind="queries.replied").count() == 1
    again = fran.post(page_of(query), {"text": "At ten, I think.", "version": hidden_version(answer)})
    assert again.status_code == 302
    assert OutboxMessage.objects.filter(kind="queries.replied").count() == 2


def test_send_and_resolve_on_an_old_page_does_neither(cast: Cast) -> None:
    query, fran = ask(cast), as_(cast.front_desk)
    old = hidden_version(fran.get(page_of(query)))
    write_to_query(query=query, text="And on Sunday?", by=cast.student)
    answer = fran.post(page_of(query), {"text": "At nine.", "resolve": "yes", "version": old})
    assert (answer.status_code, refusals(answer)) == (409, CHANGED)
    assert not fresh(query).is_resolved
    assert QueryMessage.objects.filter(kind=MessageKind.REPLY).count() == 0
    said = {"text": "At nine.", "resolve": "yes", "version": hidden_version(answer)}
    assert fran.post(page_of(query), said).status_code == 302
    assert fresh(query).is_resolved


CHANGES = {
    "query_assign": {},
    "query_recategorise": {"category": "technical"},
    "query_state": {"to": "resolved"},
    "query_merge": {},
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_of_a_query_asks_on_an_old_page(cast: Cast, name: str) -> None:
    query, other, fran = ask(cast), ask(cast), as_(cast.front_desk)
    old = hidden_version(fran.get(page_of(query)))
    comment_on_query(query=query, text="I am on it: wait.", by=cast.adviser)
    chosen = {"query_merge": {"into": other.public_id}, "query_assign": {"owner": cast.adviser.public_id}}
    said = {**CHANGES[name], **chosen.get(name, {})}
    before = Query.objects.values().get(pk=query.pk)
    answer = fran.post(page_of(query, name), {**said, "version": old})
    assert (answer.status_code, refusals(answer)) == (409, CHANGED)
    assert f"{cast.adviser.name} {VERBS['query_commented_on']}" in shown(answer)
    assert Query.objects.values().get(pk=query.pk) == before
    assert fran.post(page_of(query, name), {**said, "version": hidden_version(answer)}).status_code == 302
    assert Query.objects.values().get(pk=query.pk) != before


def test_a_student_is_told_of_a_reply_and_of_nothing_between_colleagues(cast: Cast) -> None:
    query, client = ask(cast), as_(cast.student)
    page = page_of(query, "query_detail")
    old = hidden_version(client.get(page))
    comment_on_query(query=query, text="Between us", by=cast.adviser)
    assign_query(query=query, owner=cast.adviser, by=cast.adviser)
    assert client.post(page, {"text": "One more thing", "version": old}).status_code == 302
    old = hidden_version(client.get(page))
    reply_to_query(query=query, text="At nine.", by=cast.adviser)
    answer = client.post(page, {"text": "Are you there?", "version": old})
    assert (answer.status_code, refusals(answer)) == (409, CHANGED)
    assert "At nine." in shown(answer)
    assert "Are you there?" in shown(answer)
    assert client.post(page, {"text": "Thank you", "version": hidden_version(answer)}).status_code == 302


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_is_asked(transactional_db: None) -> None:
    cast = assemble()
    query = ask(cast)
    seen = [fresh(query) for _ in range(12)]
    for each in seen:
        each.seen_versions = [fresh(query).version]
    outcome = race([partial(reply_to_query, query=each, text="At nine.", by=cast.adviser) for each in seen])
    assert not outcome.broken
    assert (len(outcome.done), len(outcome.refused)) == (1, 11)
    assert all(isinstance(refused, Changed) for refused in outcome.refused)


def resolved(cast: Cast, query: Query) -> Query:
    """Resolved ten days ago, and due long before."""
    resolve_query(query=query, by=cast.manager)
    long_ago = database_now() - timedelta(days=10)
    Query.objects.filter(pk=query.pk).update(resolved_at=long_ago, due_on=long_ago.date())
    return fresh(query)


def test_merging_an_open_query_into_a_resolved_one_asks_and_reopens(cast: Cast) -> None:
    source, fran = ask(cast), as_(cast.front_desk)
    target = resolved(cast, ask(cast))
    version = hidden_version(fran.get(page_of(source)))
    said = {"into": target.public_id, "version": version}
    answer = fran.post(page_of(source, "query_merge"), said)
    assert (answer.status_code, refusals(answer)) == (409, ["merge_reopens"])
    assert count(answer, "//input[@name='reopen']") == 1
    assert fresh(source).merged_into is None
    assert fran.post(page_of(source, "query_merge"), {**said, "reopen": "on"}).status_code == 302
    assert (fresh(target).state, fresh(target).due_on) == (QueryStatus.OPEN, source.due_on)
    assert fresh(source).merged_into == target


def test_merging_resolved_or_open_ones_asks_nothing(cast: Cast) -> None:
    target = ask(cast)
    merge_queries(query=resolved(cast, ask(cast)), into=target, by=cast.manager)
    merge_queries(query=ask(cast), into=target, by=cast.manager)
    assert fresh(target).state == QueryStatus.OPEN
    merge_queries(query=resolved(cast, ask(cast)), into=resolved(cast, target), by=cast.manager)
    assert fresh(target).is_resolved


def test_a_merge_is_undone_with_both_as_they_were(cast: Cast) -> None:
    source, fran = ask(cast), as_(cast.front_desk)
    reply_to_query(query=source, text="At nine.", by=cast.adviser)
    target = resolved(cast, ask(cast))
    before = list(Query.objects.order_by("pk").values())
    messages = list(QueryMessage.objects.order_by("pk").values())
    merge_queries(query=fresh(source), into=target, by=cast.manager, reopen=True)
    assert QueryMessage.objects.filter(query=source).count() == 0
    assert f'action="{page_of(source, "query_unmerge")}"' in shown(fran.get(page_of(target)))
    answer = fran.post(page_of(source, "query_unmerge"))
    assert (answer.status_code, answer["Location"]) == (302, page_of(source))
    assert list(Query.objects.order_by("pk").values()) == before
    assert list(QueryMessage.objects.order_by("pk").values()) == messages


def test_what_was_written_since_a_merge_stays_and_keeps_the_query_open(cast: Cast) -> None:
    source, target = ask(cast), resolved(cast, ask(cast))
    merge_queries(query=source, into=target, by=cast.manager, reopen=True)
    later = write_to_query(query=fresh(target), text="And on Sunday?", by=cast.student)
    undo_merge(query=fresh(source), by=cast.front_desk)
    assert QueryMessage.objects.get(pk=later.pk).query == target
    assert fresh(target).state == QueryStatus.OPEN
    assert fresh(source).messages.count() == 1


def test_queries_merged_before_come_along_and_go_back(cast: Cast) -> None:
    first, second, third = ask(cast), ask(cast), ask(cast)
    merge_queries(query=first, into=second, by=cast.manager)
    merge_queries(query=fresh(second), into=third, by=cast.manager)
    assert fresh(first).merged_into == third
    undo_merge(query=fresh(second), by=cast.manager)
    assert fresh(first).merged_into == second
    assert fresh(second).messages.count() == 2


def test_undoing_twice_is_refused(cast: Cast) -> None:
    source, target, fran = ask(cast), ask(cast), as_(cast.front_desk)
    merge_queries(query=source, into=target, by=cast.manager)
    stale = fresh(source)
    undo_merge(query=fresh(source), by=cast.manager)
    with pytest.raises(Refused) as refused:
        undo_merge(query=stale, by=cast.manager)
    assert refused.value.code == "merge_undone"
    assert fran.post(page_of(source, "query_unmerge")).status_code == 404


def test_an_undecided_appeal_is_not_closed_with_one_tap(cast: Cast) -> None:
    appeal, client = ask(cast, Category.APPEAL), as_(cast.student)
    page, close = page_of(appeal, "query_detail"), page_of(appeal, "query_resolve")
    first = client.get(page)
    assert count(first, f"//main//a[@href='{close}']") == 1
    assert count(first, f"//main//form[@action='{close}']") == 0
    answer = client.post(close, {"to": "resolved"})
    assert (answer.status_code, refusals(answer)) == (409, ["undecided"])
    assert not fresh(appeal).is_resolved
    asked = client.get(close)
    assert count(asked, "//main//form//input[@name='undecided']") == 1
    said = {"undecided": "yes", "version": hidden_version(asked)}
    assert client.post(close, said)["Location"] == page
    assert fresh(appeal).is_resolved


def test_what_is_decided_or_asks_nothing_is_closed_at_once(cast: Cast) -> None:
    appeal, general, client = ask(cast, Category.APPEAL), ask(cast), as_(cast.student)
    reply_to_query(query=appeal, text="We have looked at it again.", by=cast.manager)
    for query in (appeal, general):
        client.post(page_of(query, "query_resolve"), {"to": "resolved"})
        assert fresh(query).is_resolved
        answer = client.post(page_of(query, "query_resolve"), {"to": "resolved"}, follow=True)
        assert told_codes(answer) == ["resolved_already"]
    reopen_query(query=general, by=cast.student)


def test_undecided_circumstances_ask_too_and_colleagues_are_not_asked(cast: Cast) -> None:
    strike = Strike.objects.create(student=cast.student, source_id="b00000000001", on="2026-11-02")
    query = ask(cast, Category.CIRCUMSTANCES, About("booking", "b00000000001", "Guidance", strike))
    answer = as_(cast.student).post(page_of(query, "query_resolve"), {"to": "resolved"})
    assert (answer.status_code, refusals(answer)) == (409, ["undecided"])
    resolve_query(query=query, by=cast.manager)
    assert fresh(query).is_resolved
