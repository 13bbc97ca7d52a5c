"""For some seconds a reply or a resolution can be undone. Until then its person is told nothing (MAIL-1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db.models import F
from django.urls import reverse

from accounts.models import AuditEntry, PolicySetting, User
from foundation.outcomes.refusals import Refused, result_or_refusal
from foundation.values.times import database_now, local_day
from messaging.models import DeliveryState, OutboxMessage
from messaging.operations.deliver import deliver_due
from queries.models import Category, Query, QueryMessage, QueryStatus
from queries.operations.handle_query import assign_query, reply_and_resolve, resolve_query
from queries.operations.open_query import NewQuery, open_query
from queries.operations.undo_query_change import undo_query_change
from queries.operations.write_message import comment_on_query, reply_to_query, write_to_query
from queries.selectors.inbox import new_replies
from tests.appointments.racing import race
from tests.cast import Cast, assemble
from tests.page_parts import hidden_version
from tests.queries.test_queries import as_, ask
from tests.wording.visible_text import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.policy("MAIL-1")]

TEXT = "We open at nine."


def reply(query: Query, by: User) -> None:
    reply_to_query(query=query, text=TEXT, by=by, undo=True)


def both(query: Query, by: User) -> None:
    reply_and_resolve(query=query, text=TEXT, by=by, undo=True)


def resolve(query: Query, by: User) -> None:
    resolve_query(query=query, by=by, undo=True)


ACTIONS: list[Callable[[Query, User], None]] = [reply, both, resolve]
each_action = pytest.mark.parametrize("act", ACTIONS, ids=["reply", "both", "resolve"])


def state_of(query: Query) -> dict[str, Any]:
    """Everything but what says that it was undone."""
    row = Query.objects.filter(pk=query.pk).values().get()
    del row["undo"]
    return {**row, "messages": list(query.messages.order_by("pk").values())}


def code_of(operation: Callable[..., Any], **asked: Any) -> str:
    refused = result_or_refusal(operation, **asked)[1]
    return refused.code if refused else ""


def later(query: Query, seconds: int = 11) -> None:
    """The time in which it can be undone has passed."""
    row = Query.objects.get(pk=query.pk)
    assert row.undo
    Query.objects.filter(pk=query.pk).update(undo={**row.undo, "until": _earlier(row.undo["until"], seconds)})
    QueryMessage.objects.update(held_until=F("held_until") - timedelta(seconds=seconds))
    OutboxMessage.objects.update(
        not_before=F("not_before") - timedelta(seconds=seconds), try_at=F("try_at") - timedelta(seconds=seconds)
    )


def _earlier(until: str, seconds: int) -> str:
    return (datetime.fromisoformat(until) - timedelta(seconds=seconds)).isoformat()


def about(query: Query) -> list[str]:
    """States of the emails about our answer."""
    rows = OutboxMessage.objects.filter(regarding=query.public_id).exclude(kind="queries.received")
    return list(rows.order_by("pk").values_list("state", flat=True))


@each_action
def test_undone_it_is_as_it_was_and_nobody_hears_of_it(cast: Cast, act: Callable[..., None]) -> None:
    query = ask(cast)
    deliver_due()
    Query.objects.filter(pk=query.pk).update(due_on=local_day(database_now()) - timedelta(days=3))
    before = state_of(query)
    act(query, cast.adviser)
    assert set(about(query)) == {DeliveryState.QUEUED}
    assert deliver_due() == 0
    words = undo_query_change(query=query, by=cast.adviser)
    assert words == ("" if act is resolve else TEXT)
    assert state_of(query) == before
    assert set(about(query)) == {DeliveryState.CANCELLED}
    later(query)
    assert deliver_due() == 0
    assert AuditEntry.objects.filter(actor=cast.adviser, action__endswith="_undone").count() == 1


@each_action
def test_after_the_time_it_is_sent_and_no_longer_undone(cast: Cast, act: Callable[..., None]) -> None:
    query = ask(cast)
    deliver_due()
    act(query, cast.adviser)
    later(query)
    assert code_of(undo_query_change, query=query, by=cast.adviser) == "undo_too_late"
    assert deliver_due() == len(about(query)) > 0
    assert set(about(query)) == {DeliveryState.SENT}


def test_an_email_on_its_way_cannot_be_taken_back(cast: Cast) -> None:
    """The clocks of a sender and of the database may differ by a moment: then the email decides."""
    query = ask(cast)
    reply(query, cast.adviser)
    OutboxMessage.objects.filter(kind="queries.replied").update(try_at=database_now())
    deliver_due()
    before = state_of(query)
    assert code_of(undo_query_change, query=query, by=cast.adviser) == "undo_too_late"
    assert state_of(query) == before


@each_action
def test_only_who_did_it_undoes_it_and_pressing_twice_is_harmless(cast: Cast, act: Callable[..., None]) -> None:
    query = ask(cast)
    assert code_of(undo_query_change, query=query, by=cast.adviser) == "nothing_to_undo"
    act(query, cast.adviser)
    assert code_of(undo_query_change, query=query, by=cast.manager) == "not_yours"
    assert code_of(undo_query_change, query=query, by=cast.other_student) == "not_yours"
    undo_query_change(query=query, by=cast.adviser)
    undone = state_of(query)
    assert undo_query_change(query=query, by=cast.adviser) == ""
    assert state_of(query) == undone
    assert code_of(undo_query_change, query=query, by=cast.manager) == "not_yours"


def test_a_colleague_who_may_answer_no_longer_does_not_undo(cast: Cast) -> None:
    query = ask(cast)
    reply(query, cast.adviser)
    User.objects.filter(pk=cast.adviser.pk).update(roles=[])
    former = User.objects.get(pk=cast.adviser.pk)
    assert code_of(undo_query_change, query=query, by=former) not in ("", "nothing_to_undo")
    assert QueryMessage.objects.filter(text=TEXT).exists()


def test_what_somebody_did_since_is_not_undone(cast: Cast) -> None:
    query = ask(cast)
    reply(query, cast.adviser)
    comment_on_query(query=query, text="Well said.", by=cast.manager)
    assign_query(query=query, owner=cast.manager, by=cast.manager)
    assert code_of(undo_query_change, query=query, by=cast.adviser) == "changed_since"
    assert QueryMessage.objects.filter(text=TEXT).exists()


def test_a_comment_since_does_not_hinder_it(cast: Cast) -> None:
    query = ask(cast)
    reply(query, cast.adviser)
    comment_on_query(query=query, text="Not yet!", by=cast.manager)
    assert undo_query_change(query=query, by=cast.adviser) == TEXT
    assert query.messages.filter(kind="comment").exists()


@each_action
def test_its_person_sees_nothing_before_the_time_is_over(cast: Cast, act: Callable[..., None]) -> None:
    query, client = ask(cast), as_(cast.student)
    pages = [reverse("query_list"), reverse("query_detail", args=[query.public_id]), reverse("home")]
    api = [reverse("api_query_list"), reverse("api_query_detail", args=[query.public_id])]

    def seen() -> list[str]:
        words = [words_of(client.get(page).content.decode()) for page in pages]
        programs = [client.get(page) for page in api]
        etags = [answer.headers.get("ETag", "") for answer in programs]
        return [*words, *(answer.content.decode() for answer in programs), *etags, hidden_version(client.get(pages[1]))]

    before = seen()
    act(query, cast.adviser)
    assert seen() == before
    assert not new_replies(cast.student)
    later(query)
    after = seen()
    assert all(old != new for old, new in zip(before[:2], after[:2], strict=True))
    if act is not resolve:
        assert TEXT in client.get(pages[1]).content.decode()


def test_a_reply_is_new_when_its_person_opened_the_query_meanwhile(cast: Cast) -> None:
    """They read an earlier reply after this one was written, and before they could see it."""
    query, client = ask(cast), as_(cast.student)
    reply_to_query(query=query, text="First", by=cast.adviser)
    reply(query, cast.adviser)
    client.get(reverse("query_detail", args=[query.public_id]))
    assert not new_replies(cast.student)
    now = database_now()
    QueryMessage.objects.update(at=F("at") - timedelta(seconds=20))
    Query.objects.filter(pk=query.pk).update(seen_at=now - timedelta(seconds=15))
    later(query)
    assert list(new_replies(cast.student)) == [query]
    assert as_(cast.student).get(reverse("query_detail", args=[query.public_id])).context["thread"].has_new_reply


def test_its_person_writes_meanwhile_as_if_nothing_were_there(cast: Cast) -> None:
    query, client = ask(cast), as_(cast.student)
    page = reverse("query_detail", args=[query.public_id])
    version = hidden_version(client.get(page))
    reply(query, cast.adviser)
    assert client.post(page, {"text": "One more thing.", "version": version}).status_code == 302
    assert code_of(undo_query_change, query=query, by=cast.adviser) == "changed_since"
    row = Query.objects.get(pk=query.pk)
    assert row.state == QueryStatus.OPEN
    assert QueryMessage.objects.filter(text=TEXT).exists()


def test_a_page_from_before_is_told_of_the_reply_once_it_is_sent(cast: Cast) -> None:
    query, client = ask(cast), as_(cast.student)
    page = reverse("query_detail", args=[query.public_id])
    version = hidden_version(client.get(page))
    reply(query, cast.adviser)
    later(query)
    assert client.post(page, {"text": "One more thing.", "version": version}).status_code == 409


@pytest.mark.parametrize("resolves", [False, True], ids=["send", "send and resolve"])
def test_the_page_offers_to_undo_and_brings_the_words_back(cast: Cast, resolves: bool) -> None:
    query, client = ask(cast), as_(cast.adviser)
    page, undo = (reverse(name, args=[query.public_id]) for name in ("query_answer", "query_undo"))
    done = client.post(page, {"text": TEXT, **({"resolve": "yes"} if resolves else {})}, follow=True)
    assert f'action="{undo}"' in done.content.decode()
    shown = client.post(undo, follow=True)
    assert shown.context["reply_form"]["text"].value() == TEXT
    assert f'action="{undo}"' not in shown.content.decode()
    client.post(undo, {}, follow=True)
    again = client.get(page)
    assert again.context["reply_form"]["text"].value() == TEXT
    assert query.messages.count() == 1


def test_the_same_form_does_not_send_again_what_was_taken_back(cast: Cast) -> None:
    query = ask(cast)
    said = {"query": query, "text": TEXT, "by": cast.adviser, "once": "a" * 12, "undo": True}
    reply_to_query(**said)
    undo_query_change(query=query, by=cast.adviser)
    assert code_of(reply_to_query, **said) == "undone_already"


def test_a_student_undoes_closing_an_own_query(cast: Cast) -> None:
    query, client = ask(cast), as_(cast.student)
    before = state_of(query)
    close, undo = (reverse(name, args=[query.public_id]) for name in ("query_resolve", "own_query_undo"))
    done = client.post(close, {"to": "resolved"}, follow=True)
    assert f'action="{undo}"' in done.content.decode()
    assert Query.objects.get().is_resolved
    client.post(undo)
    assert state_of(query) == before


def test_an_appeal_taken_back_is_undecided_again(cast: Cast) -> None:
    appeal = open_query(person=cast.student, asked=NewQuery(Category.APPEAL, "Why", "Why?"), by=cast.student)
    reply(appeal, cast.manager)
    undo_query_change(query=appeal, by=cast.manager)
    assert code_of(resolve_query, query=Query.objects.get(), by=cast.student) == "undecided"


@each_action
def test_with_a_setting_of_zero_nothing_waits(cast: Cast, act: Callable[..., None]) -> None:
    set_seconds(0)
    query = ask(cast)
    act(query, cast.adviser)
    assert deliver_due() > 1
    assert set(about(query)) == {DeliveryState.SENT}
    assert code_of(undo_query_change, query=query, by=cast.adviser) == "nothing_to_undo"


def set_seconds(seconds: int) -> None:
    PolicySetting.objects.create(key="undo_seconds", value=seconds, effective_from=local_day(database_now()))


@pytest.mark.django_db(transaction=True)
@each_action
def test_pressed_by_many_at_once_it_is_undone_once(transactional_db: None, act: Callable[..., None]) -> None:
    cast = assemble()
    set_seconds(120)
    query = ask(cast)
    before = state_of(query)
    act(query, cast.adviser)
    outcome = race([partial(undo_query_change, query=query, by=cast.adviser) for _ in range(12)])
    assert not outcome.broken
    assert not outcome.refused
    assert state_of(query) == before
    assert AuditEntry.objects.filter(action__endswith="_undone").count() == 1
    assert sum(word == TEXT for word in outcome.done) == (0 if act is resolve else 1)


@pytest.mark.django_db(transaction=True)
def test_undoing_while_its_person_writes(transactional_db: None) -> None:
    """Either the reply is undone before they write, or it stays."""
    cast = assemble()
    set_seconds(120)
    for _ in range(6):
        query = ask(cast)
        reply(query, cast.adviser)
        write = partial(write_to_query, query=query, text="More", by=cast.student)
        outcome = race([partial(undo_query_change, query=query, by=cast.adviser), write])
        assert not outcome.broken
        assert outcome.codes <= {"changed_since"}
        gone = not QueryMessage.objects.filter(query=query, text=TEXT).exists()
        assert gone == (not outcome.refused)
        assert set(about(query)) == {DeliveryState.CANCELLED if gone else DeliveryState.QUEUED}
        assert Query.objects.get(pk=query.pk).state == QueryStatus.OPEN
        assert query.messages.filter(text="More").exists()


def test_refusals_of_undo_say_what_to_do_instead(cast: Cast) -> None:
    query = ask(cast)
    with pytest.raises(Refused) as refused:
        undo_query_change(query=query, by=cast.adviser)
    assert refused.value.remedy
