"""Appeals: whose decision they are, and what pages and refusals say after one was sent or answered (ELIG-3)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Role, User
from eligibility.models import Hold
from eligibility.operations.holds import HoldTerms, lift_hold, place_hold
from eligibility.rules.allocation import may_book_at_all
from eligibility.selectors.student_facts import student_context
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now, local_day, spoken_day
from messaging.models import OutboxMessage
from messaging.operations.deliver import deliver_message
from queries.models import Category, Query
from queries.operations.decide_circumstances import decide_circumstances
from queries.operations.handle_query import (
    assign_query,
    change_category,
    reopen_query,
    reply_and_resolve,
    resolve_query,
)
from queries.operations.merge_queries import merge_queries, undo_merge
from queries.operations.open_query import NewQuery, open_query
from queries.operations.write_message import comment_on_query, reply_to_query, write_to_query
from queries.selectors.about import about_of
from queries.selectors.appeals import may_decide_appeal
from tests.appointments.api_cast import Program
from tests.cast import Cast
from tests.factories import UserFactory
from tests.queries.test_queries import as_, circumstances

pytestmark = [pytest.mark.django_db, pytest.mark.policy("ELIG-3")]


@pytest.fixture
def other(db: None) -> User:
    return UserFactory(given_name="Priya", roles=[Role.CAREERS_MANAGER])


def hold_of(cast: Cast, covers: tuple[str, ...] = ("appointments",)) -> Hold:
    today = local_day(database_now())
    terms = HoldTerms(today, today + timedelta(days=9), "Three missed.", "Please talk with us.", covers)
    return place_hold(student=cast.student, terms=terms, by=cast.manager)


def appeal(cast: Cast, about: str = "") -> Query:
    asked = NewQuery(Category.APPEAL, "Please look again", "I was in hospital.", about_of(cast.student, about))
    return open_query(person=cast.student, asked=asked, by=cast.student)


def general(cast: Cast) -> Query:
    asked = NewQuery(Category.GENERAL, "Opening hours", "When are you open?")
    return open_query(person=cast.student, asked=asked, by=cast.student)


def refused_code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def remedy(cast: Cast) -> str:
    facts = student_context(cast.student.pk).facts
    return may_book_at_all(facts, facts.today).remedy


@pytest.mark.parametrize("names_it", [True, False])
@pytest.mark.parametrize("held", [("appointments",), ("events",)])
def test_who_placed_the_hold_does_not_decide_its_appeal(
    cast: Cast, other: User, names_it: bool, held: tuple[str, ...]
) -> None:
    hold = hold_of(cast, held)
    query = appeal(cast, f"hold:{hold.public_id}" if names_it else "")
    acts: list[Callable[[User], object]] = [
        lambda by: reply_to_query(query=query, text="No.", by=by),
        lambda by: reply_and_resolve(query=query, text="No.", by=by),
        lambda by: resolve_query(query=query, by=by),
        lambda by: change_category(query=query, category=Category.GENERAL, by=by),
        lambda by: merge_queries(query=query, into=general(cast), by=by),
    ]
    for act in acts:
        with pytest.raises(Refused) as refused:
            act(cast.manager)
        assert (refused.value.code, refused.value.status) == ("own_decision", 403)
    assert not query.messages.filter(kind="reply").exists()
    assert comment_on_query(query=query, text="They missed three.", by=cast.manager)
    assert assign_query(query=query, owner=other, by=cast.manager).owner == other
    assert reply_to_query(query=query, text="We will lift it.", by=other)
    assert reply_to_query(query=query, text="As Priya says.", by=cast.manager), "decided: anybody may go on"


def test_lifting_ones_own_hold_is_not_deciding_its_appeal(cast: Cast) -> None:
    hold = hold_of(cast)
    appeal(cast, f"hold:{hold.public_id}")
    assert lift_hold(hold=hold, because="New facts.", by=cast.manager).lifted_at


def test_without_another_manager_the_refusal_says_whom_to_ask(cast: Cast) -> None:
    hold = hold_of(cast)
    query = appeal(cast, f"hold:{hold.public_id}")
    alone = may_decide_appeal(cast.manager, query).remedy
    UserFactory(roles=[Role.CAREERS_MANAGER], is_active=False)
    assert may_decide_appeal(cast.manager, query).remedy == alone, "somebody who has left cannot decide"
    UserFactory(roles=[Role.CAREERS_MANAGER])
    assert may_decide_appeal(cast.manager, query).remedy != alone


def test_a_hold_of_somebody_else_or_one_that_was_over_does_not_bar(cast: Cast, other: User) -> None:
    hold = hold_of(cast)
    lift_hold(hold=hold, because="We talked.", by=cast.manager)
    Hold.objects.update(lifted_at=database_now() - timedelta(days=2))
    assert may_decide_appeal(cast.manager, appeal(cast))
    other_hold = place_hold(
        student=cast.student,
        terms=HoldTerms(*(2 * [local_day(database_now())]), "Again.", "Please talk."),
        by=other,
    )
    second = appeal(cast, f"hold:{other_hold.public_id}")
    assert may_decide_appeal(cast.manager, second)
    assert not may_decide_appeal(other, second)


@pytest.mark.parametrize("names_it", [True, False])
def test_who_declined_circumstances_does_not_decide_the_appeal(cast: Cast, other: User, names_it: bool) -> None:
    declined = decide_circumstances(query=circumstances(cast), decision="declined", words="No proof.", by=cast.manager)
    query = appeal(cast, f"query:{declined.public_id}" if names_it else "")
    assert refused_code(lambda: reply_to_query(query=query, text="No.", by=cast.manager)) == "own_decision"
    assert reply_to_query(query=query, text="Yes.", by=other)


def test_the_page_offers_no_button_and_the_api_refuses(cast: Cast, other: User) -> None:
    hold = hold_of(cast)
    query = appeal(cast, f"hold:{hold.public_id}")
    where = reverse("query_answer", args=[query.public_id])
    general(cast)
    names = ("query_state", "query_recategorise", "query_merge")
    addresses = [f'action="{reverse(name, args=[query.public_id])}"' for name in names]
    page, others_page = (as_(who).get(where).content.decode() for who in (cast.manager, other))
    for mark in ('id="reply"', *addresses):
        assert (mark in page, mark in others_page) == (False, True)
    assert as_(cast.manager).post(where, {"text": "No."}).status_code == 403
    answer = Program(cast.manager).post(f"/queries/{query.public_id}/reply/", {"text": "No."})
    assert (answer.status_code, answer.json()["code"]) == (403, "own_decision")


def test_an_undecided_appeal_stays_an_appeal_when_merged(cast: Cast, other: User) -> None:
    hold = hold_of(cast)
    query = appeal(cast, f"hold:{hold.public_id}")
    assert refused_code(lambda: merge_queries(query=query, into=general(cast), by=other)) == "undecided_appeal"


class TestWhatTheStudentIsTold:
    def test_after_it_was_sent_nothing_invites_to_appeal(self, cast: Cast) -> None:
        hold = hold_of(cast)
        invited = remedy(cast)
        page = as_(cast.student).get(reverse("strike_list")).content.decode()
        assert "category=appeal" in page
        appeal(cast, f"hold:{hold.public_id}")
        hold.refresh_from_db()
        assert hold.appealed_at
        assert remedy(cast) == hold.appeal_words != invited
        for name in ("strike_list", "home", "type_list"):
            page = as_(cast.student).get(reverse(name), follow=True).content.decode()
            assert "category=appeal" not in page
            assert hold.appeal_words in page, name

    def test_the_email_that_is_late_does_not_invite_either(self, cast: Cast) -> None:
        hold = hold_of(cast)
        appeal(cast, f"hold:{hold.public_id}")
        hold.refresh_from_db()
        message = OutboxMessage.objects.get(kind="eligibility.hold_placed")
        deliver_message(message.public_id)
        message.refresh_from_db()
        assert hold.appeal_words in message.body_text
        assert "You can appeal" not in message.body_text

    def test_after_it_was_answered_nothing_says_that_we_will_reply(self, cast: Cast, other: User) -> None:
        hold = hold_of(cast)
        query = appeal(cast, f"hold:{hold.public_id}")
        hold.refresh_from_db()
        waiting = hold.appeal_words
        reply_to_query(query=query, text="It stays.", by=other)
        hold.refresh_from_db()
        assert hold.appeal_answered_at
        assert remedy(cast) == hold.appeal_words != waiting
        query.delete()
        hold.refresh_from_db()
        assert hold.appeal_answered_at, "it outlives the query, which is deleted after two months"

    def test_a_second_appeal_is_refused_and_one_given_up_can_be_made_again(self, cast: Cast) -> None:
        hold = hold_of(cast)
        first = appeal(cast, f"hold:{hold.public_id}")
        assert refused_code(lambda: appeal(cast, f"hold:{hold.public_id}")) == "appealed_already"
        assert refused_code(lambda: appeal(cast)) == "appealed_already"
        resolve_query(query=first, by=cast.student, undecided=True)
        hold.refresh_from_db()
        assert hold.appealed_at is None
        reopen_query(query=Query.objects.get(), by=cast.student)
        hold.refresh_from_db()
        assert hold.appealed_at

    def test_writing_again_and_changing_the_category_are_followed(self, cast: Cast, other: User) -> None:
        hold = hold_of(cast)
        query = change_category(query=general(cast), category=Category.APPEAL, by=other)
        hold.refresh_from_db()
        assert (query.about_id, hold.appealed_at) == (hold.public_id, query.opened_at)
        resolve_query(query=query, by=cast.student, undecided=True)
        write_to_query(query=Query.objects.get(), text="I still want it.", by=cast.student)
        hold.refresh_from_db()
        assert hold.appealed_at
        change_category(query=Query.objects.get(), category=Category.GENERAL, by=other)
        hold.refresh_from_db()
        assert hold.appealed_at is None

    def test_merging_two_appeals_and_undoing_it_is_followed(self, cast: Cast, other: User) -> None:
        hold = hold_of(cast)
        query = appeal(cast, f"hold:{hold.public_id}")
        into = appeal(cast, "page:Book")
        reply_to_query(query=into, text="It stays.", by=other)
        into.refresh_from_db()
        merge_queries(query=query, into=into, by=other)
        hold.refresh_from_db()
        assert hold.appeal_answered_at
        query.refresh_from_db()
        undo_merge(query=query, by=other)
        hold.refresh_from_db()
        assert (bool(hold.appealed_at), hold.appeal_answered_at) == (True, None)

    def test_declined_circumstances_say_whether_there_is_an_appeal(self, cast: Cast) -> None:
        asked = circumstances(cast)
        declined = decide_circumstances(query=asked, decision="declined", words="No proof.", by=cast.manager)
        where = reverse("query_detail", args=[declined.public_id])
        about = f"query:{declined.public_id}"
        assert f"category=appeal&amp;about={about}" in as_(cast.student).get(where).content.decode()
        made = appeal(cast, about)
        page = as_(cast.student).get(where).content.decode()
        assert "category=appeal" not in page
        assert reverse("query_detail", args=[made.public_id]) in page
        assert refused_code(lambda: appeal(cast, about)) == "appealed_already"


def test_the_days_of_a_hold_agree_everywhere(cast: Cast) -> None:
    """Its last day and the first on which the student can book again, in one wording."""
    hold = hold_of(cast)
    last, again = hold.during.upper - timedelta(days=1), hold.during.upper
    assert spoken_day(last) in hold.last_words
    assert spoken_day(again) in hold.again_words
    message = OutboxMessage.objects.get(kind="eligibility.hold_placed")
    deliver_message(message.public_id)
    message.refresh_from_db()
    story = reverse("attendance_story", args=[cast.student.public_id])
    texts = {
        "email": message.body_text,
        "missed": as_(cast.student).get(reverse("strike_list")).content.decode(),
        "story": as_(cast.manager).get(story).content.decode(),
        "list": as_(cast.manager).get(reverse("review_list") + "?show=holds").content.decode(),
        "lift": as_(cast.manager).get(reverse("hold_lift", args=[hold.public_id])).content.decode(),
        "about": about_of(cast.student, f"hold:{hold.public_id}").words,
        "admin": str(hold),
    }
    assert {name for name, text in texts.items() if hold.last_words not in text} == set()
    record = reverse("student_detail", args=[cast.student.public_id])
    again_texts = {
        "email": message.body_text,
        "missed": texts["missed"],
        "home": as_(cast.student).get(reverse("home"), follow=True).content.decode(),
        "book": as_(cast.student).get(reverse("type_list")).content.decode(),
        "record": as_(cast.manager).get(record).content.decode(),
    }
    assert {name for name, text in again_texts.items() if hold.again_words not in text} == set()
