"""Who waits for whom: an answered query for the student, a query that is written to for us; and new replies."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundation.values.times import database_now
from queries.models import Query, QueryStatus
from queries.operations.handle_query import reopen_query, resolve_query
from queries.operations.open_query import NewQuery, open_query
from queries.operations.write_message import comment_on_query, reply_to_query, write_to_query
from queries.selectors.inbox import new_replies, thread_of
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.policy("MAIL-1")]


def ask(cast: Cast) -> Query:
    return open_query(person=cast.student, asked=NewQuery("general", "About my CV", "Can you help?"), by=cast.student)


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def links_of_todos(user: User) -> list[str]:
    return [todo.url for todo in as_(user).get(reverse("home")).context["home"].todos]


def new_in_the_list(user: User) -> list[bool]:
    return [query.has_new_reply for query in as_(user).get(reverse("query_list")).context["page"]]


def test_an_answered_query_waits_for_the_student_and_is_not_overdue(cast: Cast) -> None:
    query = ask(cast)
    Query.objects.filter(pk=query.pk).update(due_on=date(2020, 1, 6))
    page = reverse("query_inbox") + "?view=overdue"
    assert query.subject in as_(cast.adviser).get(page).content.decode()
    url = reverse("query_answer", args=[query.public_id])
    form = as_(cast.adviser).get(url).context["reply_form"]
    assert form["waits"].value() is True
    as_(cast.adviser).post(url, {"text": "So it is.", "waits": "on"})
    assert query.subject not in as_(cast.adviser).get(page).content.decode()
    query.refresh_from_db()
    assert query.state == QueryStatus.WAITING
    assert not thread_of(query, cast.adviser).is_overdue


def test_a_reply_that_promises_another_has_a_new_day(cast: Cast) -> None:
    query = ask(cast)
    promised = query.due_on
    Query.objects.filter(pk=query.pk).update(due_on=date(2020, 1, 6))
    as_(cast.adviser).post(reverse("query_answer", args=[query.public_id]), {"text": "We look into it."})
    query.refresh_from_db()
    assert (query.state, query.due_on) == (QueryStatus.OPEN, promised)


@pytest.mark.parametrize("state", ["waiting", "resolved", "open"])
def test_writing_again_is_answered_by_a_new_day(cast: Cast, state: str) -> None:
    """Unless they still wait for the answer to what they wrote before."""
    query = ask(cast)
    promised = query.due_on
    ended = {"resolved_at": database_now()} if state == "resolved" else {}
    Query.objects.filter(pk=query.pk).update(state=state, due_on=date(2020, 1, 6), **ended)
    write_to_query(query=query, text="And one more thing.", by=cast.student)
    query.refresh_from_db()
    assert (query.state, query.due_on) == (QueryStatus.OPEN, date(2020, 1, 6) if state == "open" else promised)


def test_a_reopened_query_has_a_new_day(cast: Cast) -> None:
    query = ask(cast)
    promised = query.due_on
    resolve_query(query=query, by=cast.adviser)
    Query.objects.filter(pk=query.pk).update(due_on=date(2020, 1, 6))
    assert reopen_query(query=query, by=cast.adviser).due_on == promised


def test_the_student_sees_a_new_reply_until_they_open_it(cast: Cast) -> None:
    query = ask(cast)
    url = reverse("query_detail", args=[query.public_id])
    assert url not in links_of_todos(cast.student)
    reply_to_query(query=query, text="So it is.", by=cast.adviser)
    assert (url in links_of_todos(cast.student), new_in_the_list(cast.student)) == (True, [True])
    as_(cast.adviser).get(reverse("query_answer", args=[query.public_id]))
    assert [list(new_replies(each)) for each in (cast.student, cast.other_student)] == [[query], []]
    as_(cast.student).get(url)
    assert (url in links_of_todos(cast.student), new_in_the_list(cast.student)) == (False, [False])


def test_who_writes_by_email_has_read_the_reply(cast: Cast) -> None:
    query = ask(cast)
    reply_to_query(query=query, text="So it is.", by=cast.adviser)
    comment_on_query(query=query, text="Between us.", by=cast.adviser)
    write_to_query(query=query, text="Thanks.", by=None, via="email", sender="amara@example.org")
    assert not new_replies(cast.student)


def test_several_new_replies_lead_to_the_list(cast: Cast) -> None:
    for query in (ask(cast), ask(cast)):
        for text in ("First.", "Second."):
            reply_to_query(query=query, text=text, by=cast.adviser)
    assert reverse("query_list") in links_of_todos(cast.student)
