"""An email that came without its reply address is put into its query by a colleague, and taken out again (MAIL-1)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundation.outcomes.refusals import Refused
from messaging.models import OutboxMessage
from messaging.rules.kinds import Composed, kind_named
from queries.models import Query, QueryMessage, QueryStatus
from queries.operations.handle_query import resolve_query
from queries.operations.merge_queries import merge_queries, undo_merge
from queries.operations.open_query import NewQuery, open_query
from queries.operations.receive_email import receive_email
from queries.operations.write_message import reply_to_query
from queries.rules.subjects import base_subject
from queries.selectors.likely_queries import likely_queries
from tests.cast import Cast
from tests.queries.odd_emails import text

pytestmark = [pytest.mark.django_db, pytest.mark.policy("MAIL-1")]

CountQueries = Callable[[int], AbstractContextManager[Any]]


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def ask(cast: Cast, person: User | None = None, category: str = "general", subject: str = "About my CV") -> Query:
    person = person or cast.student
    return open_query(person=person, asked=NewQuery(category, subject, "Can you help?"), by=person)


def unproven(name: str = "one", headers: bytes = b"", sender: bytes = b"ann@example.net") -> Query:
    query = receive_email(raw=headers + text(name, b"Tuesday, please.").replace(b"ann@example.net", sender)).query
    assert query is not None
    assert query.person is None
    return query


class TestLinking:
    def test_the_words_and_the_email_move_and_somebody_still_waits(self, cast: Cast) -> None:
        query, stray = ask(cast), unproven()
        resolve_query(query=query, by=cast.adviser)
        due_on = stray.due_on
        merge_queries(query=stray, into=query, by=cast.adviser, reopen=True)
        query.refresh_from_db()
        assert (query.state, query.resolved_at, query.due_on) == (QueryStatus.OPEN, None, due_on)
        moved = query.messages.latest("pk")
        assert (moved.text, moved.by, moved.from_address) == ("Tuesday, please.", None, "ann@example.net")
        assert moved.email is not None
        assert moved.email.query == query
        assert query.person == cast.student
        page = as_(cast.student).get(reverse("query_detail", args=[query.public_id])).content.decode()
        assert "Tuesday, please." in page

    def test_a_resolved_query_reopens_nothing(self, cast: Cast) -> None:
        query, stray = ask(cast), unproven()
        for each in (query, stray):
            resolve_query(query=each, by=cast.adviser)
        merge_queries(query=stray, into=query, by=cast.adviser)
        query.refresh_from_db()
        assert query.state == QueryStatus.RESOLVED

    def test_a_persons_query_never_goes_to_an_unproven_address(self, cast: Cast) -> None:
        for query, into in ((ask(cast), unproven("a")), (unproven("b"), unproven("c", sender=b"ben@example.net"))):
            with pytest.raises(Refused) as refused:
                merge_queries(query=query, into=into, by=cast.adviser)
            assert refused.value.code == "other_person"
        merge_queries(query=unproven("d"), into=unproven("e", sender=b"ANN@example.net"), by=cast.adviser)

    def test_our_reply_to_an_unproven_address_does_not_tell_of_the_students_query(self, cast: Cast) -> None:
        """It was on its way when a colleague put the email into the query."""
        query, stray = ask(cast, subject="My secret illness"), unproven()
        reply_to_query(query=stray, text="Which day?", by=cast.adviser)
        merge_queries(query=stray, into=query, by=cast.adviser)
        message = OutboxMessage.objects.get(kind="queries.replied")
        assert message.to_address == "ann@example.net"
        composed = kind_named(message.kind).compose(message)
        assert isinstance(composed, Composed)
        assert query.public_id not in composed.reply_to
        assert "secret illness" not in f"{composed.subject} {composed.text} {composed.html}"

    @pytest.mark.parametrize("category", ["appeal", "data_rights"])
    def test_only_into_queries_that_the_colleague_answers(self, cast: Cast, category: str) -> None:
        query, stray = ask(cast, category=category, subject="Hello"), unproven()
        with pytest.raises(Refused) as refused:
            merge_queries(query=stray, into=query, by=cast.adviser)
        assert refused.value.status == 403
        assert likely_queries(stray, cast.adviser, "") == []
        assert likely_queries(stray, cast.adviser, "Hello") == []


class TestUndo:
    def test_everything_is_as_before(self, cast: Cast) -> None:
        query, stray = ask(cast), unproven()
        merge_queries(query=stray, into=query, by=cast.adviser)
        reply_to_query(query=query, text="Good.", by=cast.adviser)
        stray.refresh_from_db()
        back = undo_merge(query=stray, by=cast.front_desk)
        assert (back.pk, back.merged_into, back.state, back.resolved_at) == (stray.pk, None, QueryStatus.OPEN, None)
        message = stray.messages.get()
        assert message.text == "Tuesday, please."
        assert message.email is not None
        assert message.email.query == stray
        assert list(query.messages.values_list("text", flat=True)) == ["Can you help?", "Good."]
        stray.refresh_from_db()
        with pytest.raises(Refused) as refused:
            undo_merge(query=stray, by=cast.adviser)
        assert refused.value.code == "merge_undone"

    def test_not_by_somebody_who_may_not_answer(self, cast: Cast) -> None:
        query, stray = ask(cast), unproven()
        merge_queries(query=stray, into=query, by=cast.adviser)
        stray.refresh_from_db()
        for who in (cast.student, cast.administrator):
            with pytest.raises(Refused) as refused:
                undo_merge(query=stray, by=who)
            assert refused.value.status == 403
        general, appeal, answered = ask(cast), ask(cast, category="appeal"), ask(cast, category="appeal")
        reply_to_query(query=answered, text="It stays.", by=cast.manager)
        answered.refresh_from_db()
        for into, merged in ((appeal, unproven("a")), (general, answered)):
            merge_queries(query=merged, into=into, by=cast.manager)
            merged.refresh_from_db()
            with pytest.raises(Refused) as refused:
                undo_merge(query=merged, by=cast.front_desk)
            assert refused.value.status == 403


class TestLikelyQueries:
    def test_by_the_email_it_answers_then_the_address_then_the_subject(self, cast: Cast) -> None:
        named, same_address = ask(cast, cast.other_student), ask(cast)
        same_subject = ask(cast, cast.other_student, subject="hello")
        ask(cast, cast.other_student, subject="Something else")
        letter = OutboxMessage.objects.get(regarding=named.public_id)
        answers = f"In-Reply-To: <{letter.public_id}@example.ac.uk>\n".encode()
        stray = unproven("x", answers, sender=cast.student.email.encode())
        found = likely_queries(stray, cast.adviser, "")
        assert [each.query for each in found] == [named, same_address, same_subject]
        assert all(each.why for each in found)
        assert [each.query for each in likely_queries(stray, cast.adviser, "something")] == [
            Query.objects.get(subject="Something else")
        ]

    @pytest.mark.parametrize("value", ["<" * 3000, "<a@b> " * 900, "<query-aaaaaaaaaaaa@x> " * 90])
    def test_odd_headers_find_nothing(self, cast: Cast, value: str) -> None:
        stray = unproven("x", f"References: {value}\n".encode())
        assert likely_queries(stray, cast.adviser, "") == []

    @pytest.mark.parametrize("rows", [1, 3])
    def test_query_link_queries(self, cast: Cast, rows: int, django_assert_num_queries: CountQueries) -> None:
        for _ in range(rows):
            ask(cast, subject="Hello")
        where = reverse("query_link", args=[unproven().public_id])
        client = as_(cast.adviser)
        with django_assert_num_queries(6):  # session, person, query, headers, address, subject
            page = client.get(where).content.decode()
        assert page.count('type="radio"') == rows


class TestPages:
    def test_added_and_undone_on_the_pages(self, cast: Cast) -> None:
        query, stray, client = ask(cast), unproven(), as_(cast.front_desk)
        where = reverse("query_link", args=[stray.public_id])
        assert where in client.get(reverse("query_answer", args=[stray.public_id])).content.decode()
        assert where.encode() not in client.get(reverse("query_answer", args=[query.public_id])).content
        assert client.get(where, {"q": "no such words"}).content.count(b"empty-state") == 1
        assert client.post(where, {"into": "made-up"}).status_code == 422
        done = client.post(f"{where}?q=Okafor", {"into": query.public_id})
        assert done["Location"] == reverse("query_answer", args=[query.public_id])
        undo = reverse("query_unmerge", args=[stray.public_id])
        assert undo in client.get(done["Location"]).content.decode()
        back = client.post(undo)
        assert back["Location"] == reverse("query_answer", args=[stray.public_id])
        assert QueryMessage.objects.filter(query=stray).count() == 1
        assert client.post(undo).status_code == 404


@pytest.mark.parametrize(
    ("subject", "base"),
    [("Re: AW: Hello", "Hello"), ("Hello", "Hello"), ("re:", ""), ("Re: " * 40 + "x", "Re: " * 30 + "x")],
)
def test_the_subject_without_its_prefixes(subject: str, base: str) -> None:
    assert base_subject(subject) == base
