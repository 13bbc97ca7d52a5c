"""Raising, answering, deciding and resolving queries; who may read them; and two people at once (MAIL-1, ELIG-2,
TEL-1)."""

from collections.abc import Callable
from datetime import date, time
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from syrupy.assertion import SnapshotAssertion

from accounts.models import AuditEntry, PolicySetting, User
from eligibility.models import Grant, PeriodKind, Strike
from foundation.outcomes.refusals import Refused
from foundation.values.times import at, database_now, local_day, plain_day
from messaging.models import OutboxMessage
from messaging.operations.deliver import deliver_message
from messaging.rules.kinds import Composed, kind_named
from queries.models import Category, MessageKind, Query, QueryMessage, QueryStatus
from queries.operations.decide_circumstances import decide_circumstances
from queries.operations.handle_query import assign_query, change_category, reopen_query, resolve_query
from queries.operations.log_call import log_call
from queries.operations.merge_queries import merge_queries
from queries.operations.open_query import NewQuery, open_query
from queries.operations.write_message import comment_on_query, reply_to_query, write_to_query
from queries.rules.about import NOTHING, About
from queries.rules.reply_address import reply_address
from queries.selectors.about import about_of
from tests.appointments.racing import race
from tests.cast import Cast, assemble
from tests.clock import stop_database_clock
from tests.factories import period
from tests.page_parts import empty_states
from tests.wording.visible_text import masked

pytestmark = [pytest.mark.django_db, pytest.mark.policy("MAIL-1")]

CountQueries = Callable[[int], Any]


def ask(cast: Cast, category: str = Category.GENERAL, about: About = NOTHING, person: User | None = None) -> Query:
    person = person or cast.student
    return open_query(person=person, asked=NewQuery(category, "About my CV", "Can you help?", about), by=person)


def missed(cast: Cast, source_id: str = "missedclaim1") -> Strike:
    return Strike.objects.create(
        student=cast.student, source_id=source_id, on=local_day(database_now()), about="Guidance"
    )


def circumstances(cast: Cast) -> Query:
    strike = missed(cast)
    return ask(cast, Category.CIRCUMSTANCES, About("booking", strike.source_id, "Guidance", strike))


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(kind: str) -> OutboxMessage:
    message = OutboxMessage.objects.get(kind=kind)
    deliver_message(message.public_id)
    message.refresh_from_db()
    return message


class TestAsking:
    def test_it_is_acknowledged_with_the_day_of_the_answer(self, cast: Cast) -> None:
        query = ask(cast)
        message = sent("queries.received")
        assert message.state == "sent"
        assert f"{query.due_on:%A} {query.due_on.day}" in message.body_text

    def test_the_answer_is_due_in_working_days(self, cast: Cast) -> None:
        stop_database_clock(at(date(2026, 12, 22), time(15)))
        period(PeriodKind.CLOSURE, date(2026, 12, 24), date(2027, 1, 4), "Christmas")
        assert ask(cast).due_on == date(2027, 1, 5)

    def test_how_many_days_is_a_setting(self, cast: Cast) -> None:
        PolicySetting.objects.create(key="query_answer_days", value=0, effective_from=date(2026, 1, 1))
        assert ask(cast).due_on == local_day(database_now())

    @pytest.mark.parametrize(("subject", "text"), [("", "x"), ("x", "  "), (" ", "")])
    def test_text_is_required(self, cast: Cast, subject: str, text: str) -> None:
        with pytest.raises(Refused) as refused:
            open_query(person=cast.student, asked=NewQuery(Category.GENERAL, subject, text), by=cast.student)
        assert refused.value.code == "no_words"

    def test_circumstances_name_a_missed_appointment_of_ones_own(self, cast: Cast) -> None:
        strike = missed(cast)
        assert about_of(cast.student, f"booking:{strike.source_id}").strike == strike
        assert about_of(cast.other_student, f"booking:{strike.source_id}") == NOTHING
        with pytest.raises(Refused) as refused:
            ask(cast, Category.CIRCUMSTANCES)
        assert refused.value.code == "no_absence"

    @pytest.mark.parametrize("said", ["", "booking:nothing", "hold:nothing", "case:x", "refusal:", ":", "booking"])
    def test_an_unknown_about_is_ignored(self, cast: Cast, said: str) -> None:
        assert about_of(cast.student, said) == NOTHING


class TestAnswering:
    def test_a_reply_goes_out_with_an_address_that_answers_to_it(self, cast: Cast) -> None:
        query = ask(cast)
        reply_to_query(query=query, text="So it is.", by=cast.adviser, waits=True)
        query.refresh_from_db()
        assert (query.state, query.owner, query.answered_at is not None) == (QueryStatus.WAITING, cast.adviser, True)
        message = sent("queries.replied")
        assert "So it is." in message.body_text
        composed = kind_named(message.kind).compose(message)
        assert isinstance(composed, Composed)
        assert composed.reply_to == reply_address(query.public_id, cast.student.pk, local_day(database_now())) != ""

    def test_a_comment_is_never_shown_or_sent_to_the_person(self, cast: Cast) -> None:
        query = ask(cast)
        comment_on_query(query=query, text="Between us.", by=cast.front_desk)
        assert (
            "Between us." not in as_(cast.student).get(reverse("query_detail", args=[query.public_id])).content.decode()
        )
        assert "Between us." in as_(cast.adviser).get(reverse("query_answer", args=[query.public_id])).content.decode()
        assert not OutboxMessage.objects.filter(kind="queries.replied").exists()

    @pytest.mark.parametrize(
        ("category", "who"),
        [
            (Category.GENERAL, {"adviser", "front_desk", "manager"}),
            (Category.CIRCUMSTANCES, {"adviser", "manager"}),
            (Category.APPEAL, {"manager"}),
            (Category.DATA_RIGHTS, {"manager"}),
        ],
    )
    @pytest.mark.policy("DATA-6")
    def test_who_answers_what(self, cast: Cast, category: str, who: set[str]) -> None:
        query = circumstances(cast) if category == Category.CIRCUMSTANCES else ask(cast, category)
        for name in ("adviser", "front_desk", "manager", "administrator", "outsider", "other_student"):
            user = getattr(cast, name)
            assert Query.objects.visible_to(user).filter(pk=query.pk).exists() is (name in who), name
            status = as_(user).get(reverse("query_answer", args=[query.public_id])).status_code
            assert status == (200 if name in who else 404), name
            if name not in who:
                with pytest.raises(Refused):
                    reply_to_query(query=query, text="x", by=user)

    def test_nobody_answers_their_own(self, cast: Cast) -> None:
        query = Query.objects.create(
            person=cast.manager, subject="x", opened_at=database_now(), last_at=database_now(), due_on=date(2027, 1, 1)
        )
        assert not Query.objects.answered_by(cast.manager).filter(pk=query.pk).exists()
        with pytest.raises(Refused):
            reply_to_query(query=query, text="x", by=cast.manager)

    def test_queries_are_assigned_only_to_people_who_answer_them(self, cast: Cast) -> None:
        query = circumstances(cast)
        assert assign_query(query=query, owner=cast.manager, by=cast.adviser).owner == cast.manager
        with pytest.raises(Refused) as refused:
            assign_query(query=query, owner=cast.front_desk, by=cast.adviser)
        assert refused.value.code == "not_theirs"

    def test_changing_the_category_may_remove_the_owner(self, cast: Cast) -> None:
        query = ask(cast)
        assign_query(query=query, owner=cast.front_desk, by=cast.front_desk)
        assert change_category(query=query, category=Category.APPEAL, by=cast.manager).owner is None


OTHERS = {
    "write": lambda query, other, by: write_to_query(query=query, text="x", by=by),
    "reply": lambda query, other, by: reply_to_query(query=query, text="x", by=by),
    "comment": lambda query, other, by: comment_on_query(query=query, text="x", by=by),
    "assign": lambda query, other, by: assign_query(query=query, owner=None, by=by),
    "recategorise": lambda query, other, by: change_category(query=query, category="technical", by=by),
    "resolve": lambda query, other, by: resolve_query(query=query, by=by),
    "reopen": lambda query, other, by: reopen_query(query=resolve_query(query=query, by=query.person), by=by),
    "merge": lambda query, other, by: merge_queries(query=query, into=other, by=by),
}


@pytest.mark.policy("DATA-6")
@pytest.mark.parametrize("who", ["other_student", "administrator", "outsider"])
@pytest.mark.parametrize("name", OTHERS)
def test_people_who_are_not_involved_can_do_nothing(cast: Cast, name: str, who: str) -> None:
    query, other, by = ask(cast), ask(cast), getattr(cast, who)
    before = QueryMessage.objects.count()
    with pytest.raises(Refused) as refused:
        OTHERS[name](query, other, by)
    assert refused.value.status == 403
    assert QueryMessage.objects.count() == before
    assert not AuditEntry.objects.filter(actor=by).exists()


class TestResolving:
    def test_resolving_starts_two_months_and_reopening_restarts_them(self, cast: Cast) -> None:
        stop_database_clock(at(date(2026, 12, 31), time(10)))
        query = resolve_query(query=ask(cast), by=cast.adviser)
        assert query.kept_until(2) == date(2027, 2, 28)
        assert "28 February 2027" in sent("queries.resolved").body_text
        assert reopen_query(query=query, by=cast.student).resolved_at is None
        stop_database_clock(at(date(2027, 1, 10), time(10)))
        assert resolve_query(query=query, by=cast.adviser).kept_until(2) == date(2027, 3, 10)

    def test_writing_again_reopens_a_query(self, cast: Cast) -> None:
        query = resolve_query(query=ask(cast), by=cast.student)
        write_to_query(query=query, text="One more thing.", by=cast.student)
        query.refresh_from_db()
        assert (query.state, query.resolved_at) == (QueryStatus.OPEN, None)
        assert not OutboxMessage.objects.filter(kind="queries.resolved").exists()

    def test_merging_moves_messages_and_redirects(self, cast: Cast) -> None:
        first, second = ask(cast), ask(cast)
        merge_queries(query=second, into=first, by=cast.adviser)
        assert QueryMessage.objects.filter(query=first).count() == 2
        answer = as_(cast.student).get(reverse("query_detail", args=[second.public_id]))
        assert answer["Location"] == reverse("query_detail", args=[first.public_id])
        with pytest.raises(Refused) as refused:
            reply_to_query(query=second, text="x", by=cast.adviser)
        assert refused.value.code == "merged_already"

    def test_only_queries_of_one_person_are_merged(self, cast: Cast) -> None:
        with pytest.raises(Refused) as refused:
            merge_queries(query=ask(cast), into=ask(cast, person=cast.other_student), by=cast.adviser)
        assert refused.value.code == "other_person"


@pytest.mark.policy("ELIG-2")
class TestCircumstances:
    def test_one_action_accepts(self, cast: Cast, snapshot: SnapshotAssertion) -> None:
        query = decide_circumstances(query=circumstances(cast), decision="accepted", words="So be it.", by=cast.manager)
        strike = Strike.objects.get()
        assert (strike.excused_by, strike.excused_because) == (cast.manager, "So be it.")
        assert (query.decision, query.decided_by, query.is_resolved) == ("accepted", cast.manager, True)
        words = masked(sent("queries.decided").body_text)
        assert words.replace(plain_day(strike.on), "[day]").replace(cast.manager.name, "[manager]") == snapshot
        assert AuditEntry.objects.filter(action="circumstances_accepted", student=cast.student).exists()

    def test_declining_needs_words(self, cast: Cast) -> None:
        query = circumstances(cast)
        with pytest.raises(Refused):
            decide_circumstances(query=query, decision="declined", words=" ", by=cast.manager)
        decide_circumstances(query=query, decision="declined", words="A week's notice was there.", by=cast.adviser)
        assert not Strike.objects.get().is_excused
        assert not Grant.objects.exists()
        message = sent("queries.decided")
        assert "A week's notice was there." in message.body_text
        assert "appeal" in message.body_text

    @pytest.mark.parametrize("decision", ["accepted", "declined"])
    @pytest.mark.parametrize("who", ["front_desk", "student", "administrator", "outsider"])
    def test_nobody_else_decides(self, cast: Cast, who: str, decision: str) -> None:
        query = circumstances(cast)
        with pytest.raises(Refused) as refused:
            decide_circumstances(query=query, decision=decision, words="x", by=getattr(cast, who))
        assert refused.value.status == 403
        assert not Query.objects.get(pk=query.pk).decision

    def test_a_decision_cannot_be_made_twice(self, cast: Cast) -> None:
        query = decide_circumstances(query=circumstances(cast), decision="declined", words="No.", by=cast.manager)
        with pytest.raises(Refused) as refused:
            decide_circumstances(query=query, decision="accepted", words="Yes.", by=cast.adviser)
        assert refused.value.code == "decided_already"
        assert cast.manager.name in refused.value.message


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
@pytest.mark.policy("ELIG-2")
def test_managers_who_decide_one_query_at_once(transactional_db: None) -> None:
    cast = assemble()
    query = circumstances(cast)
    runners = [
        partial(decide_circumstances, query=query, decision=decision, words="Decided.", by=by)
        for decision, by in [("accepted", cast.manager), ("declined", cast.adviser)] * 10
    ]
    outcome = race(runners)
    assert (len(outcome.done), outcome.codes, outcome.broken) == (1, {"decided_already"}, [])
    accepted = Query.objects.get().decision == "accepted"
    assert Strike.objects.get().is_excused is accepted
    assert OutboxMessage.objects.filter(kind="queries.decided").count() == 1


@pytest.mark.policy("TEL-1")
class TestCalls:
    def test_a_call_becomes_a_query_and_an_answer_goes_out(self, cast: Cast) -> None:
        asked = NewQuery(Category.GENERAL, "Opening hours", "When are you open?")
        query = log_call(person=cast.student, asked=asked, reply="From nine.", by=cast.front_desk)
        assert [(each.kind, each.via) for each in query.messages.all()] == [("asked", "telephone"), ("reply", "page")]
        assert "From nine." in sent("queries.replied").body_text

    @pytest.mark.parametrize("who", ["student", "administrator", "outsider"])
    def test_only_careers_staff_log_calls(self, cast: Cast, who: str) -> None:
        with pytest.raises(Refused):
            log_call(person=cast.student, asked=NewQuery("general", "x", "x"), reply="", by=getattr(cast, who))

    def test_there_is_no_place_for_a_recording(self, cast: Cast) -> None:
        """A file sent with a call is not stored, and audio is not accepted as a document."""
        sound = SimpleUploadedFile("call.mp3", b"ID3\x04" + b"\0" * 400, content_type="audio/mpeg")
        said = {"subject": "Hello", "text": "Asked.", "recording": sound}
        answer = as_(cast.front_desk).post(reverse("call_create", args=[cast.student.public_id]), said)
        assert answer.status_code == 302
        assert not any("recording" in field.name for field in QueryMessage._meta.fields)
        sound.seek(0)
        refused = as_(cast.student).post(reverse("document_create"), {"file": sound, "kind": "cv"})
        assert refused.status_code == 422


class TestQueryPages:
    def test_query_create_keeps_what_the_query_is_about(self, cast: Cast) -> None:
        strike, client = missed(cast), as_(cast.student)
        where = f"{reverse('query_create')}?category=circumstances&about=booking:{strike.source_id}"
        page = client.get(where).content.decode()
        assert "Guidance, missed on" in page
        said = {"category": "circumstances", "missed": strike.source_id, "subject": "Ill", "text": "I was in hospital."}
        answer = client.post(reverse("query_create"), said)
        query = Query.objects.get()
        assert answer["Location"] == reverse("query_detail", args=[query.public_id])
        assert query.strike == strike

    def test_query_create_keeps_what_was_typed(self, cast: Cast) -> None:
        answer = as_(cast.student).post(
            reverse("query_create"), {"category": "general", "subject": "", "text": "Kept."}
        )
        assert answer.status_code == 422
        assert "Kept." in answer.content.decode()

    def test_the_inbox_shows_searches_and_says_when_there_is_nothing(self, cast: Cast) -> None:
        client = as_(cast.adviser)
        assert empty_states(client.get(reverse("query_inbox"))) == 1
        query = ask(cast)
        reply_to_query(query=query, text="Something about turnips.", by=cast.adviser)
        for words in ("turnips", "CV", "Okafor"):
            assert query.subject in client.get(reverse("query_inbox"), {"q": words}).content.decode()
        assert "Nothing found" in client.get(reverse("query_inbox"), {"q": "parsnips"}).content.decode()
        for view in ("mine", "nobodys", "overdue", "waiting", "resolved"):
            assert client.get(reverse("query_inbox"), {"view": view}).status_code == 200

    def test_reply_template_words_are_filled_in_and_checked(self, cast: Cast) -> None:
        client = as_(cast.manager)
        wrong = client.post(reverse("reply_template_create"), {"name": "Hi", "text": "Dear {user.password}"})
        assert wrong.status_code == 422
        client.post(reverse("reply_template_create"), {"name": "Hi", "text": "Dear {first_name}, {adviser}"})
        query = ask(cast)
        where = reverse("query_answer", args=[query.public_id])
        template = client.get(where).context["thread"].templates[0].public_id
        page = client.post(where, {"template": template}).content.decode()
        assert f"Dear {cast.student.first_name}, {cast.manager.first_name}" in page

    @pytest.mark.parametrize("rows", [1, 3])
    def test_list_queries(self, cast: Cast, rows: int, django_assert_num_queries: CountQueries) -> None:
        for _ in range(rows):
            ask(cast)
        student, adviser = as_(cast.student), as_(cast.adviser)
        with django_assert_num_queries(4):  # session, person, count, rows
            student.get(reverse("query_list"))
        with django_assert_num_queries(7):  # session, person, clock twice, count, rows, counts of the tabs
            adviser.get(reverse("query_inbox"))

    @pytest.mark.parametrize("rows", [1, 3])
    def test_thread_queries(self, cast: Cast, rows: int, django_assert_num_queries: CountQueries) -> None:
        query = ask(cast)
        for _ in range(rows):
            ask(cast)
            reply_to_query(query=query, text="Hello.", by=cast.adviser)
        student, adviser = as_(cast.student), as_(cast.adviser)
        for most in (10, 7):  # the first time, its replies are new
            with django_assert_num_queries(most):
                student.get(reverse("query_detail", args=[query.public_id]))
        with django_assert_num_queries(10):
            adviser.get(reverse("query_answer", args=[query.public_id]))


def test_administrators_do_not_see_messages_of_queries_in_the_outbox(cast: Cast) -> None:
    reply_to_query(query=ask(cast), text="So it is.", by=cast.adviser)
    listed = as_(cast.administrator).get(reverse("admin:messaging_outboxmessage_changelist")).content.decode()
    assert "queries." not in listed
    assert OutboxMessage.objects.filter(kind__startswith="queries.").count() == 2


def test_a_message_of_ours_has_its_author(cast: Cast) -> None:
    query = ask(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        QueryMessage.objects.create(query=query, kind=MessageKind.REPLY, text="x", at=database_now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Query.objects.filter(pk=query.pk).update(state="resolved")
