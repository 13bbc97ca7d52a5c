"""Sent twice is once: queries, replies, comments, calls, notes and concerns carry a key, as bookings do."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import IdempotencyKey, Role, User
from appointments.models import Booking, BookingNote
from foundation.values.times import database_now
from messaging.models import OutboxMessage
from queries.models import Category, Query, QueryMessage
from queries.operations.open_query import NewQuery, open_query
from queries.operations.write_message import reply_to_query
from security.models import Lead
from tests.appointments.api_cast import Program, problem
from tests.appointments.racing import race
from tests.cast import Cast, assemble
from tests.factories import UserFactory, stored_booking
from tests.page_parts import refusals, tree_of
from wellbeing.models import Concern, ConcernStep, Seriousness
from wellbeing.operations.raise_concern import Seen, raise_concern

pytestmark = pytest.mark.django_db


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask(cast: Cast) -> Query:
    asked = NewQuery(Category.GENERAL, "Opening hours", "When are you open?")
    return open_query(person=cast.student, asked=asked, by=cast.student)


def began(cast: Cast) -> Booking:
    return stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now())


def lead(cast: Cast) -> User:
    found: User = UserFactory(roles=[Role.WELLBEING_LEAD])
    return found


def raised(cast: Cast) -> Concern:
    return raise_concern(student=cast.student, seen=Seen("Very quiet", Seriousness.WORRIED), by=cast.adviser)


def at(name: str, thing: Any) -> tuple[str, str]:
    """The page with the form, and where it is sent: the same unless another is named."""
    address = reverse(name, args=[thing.public_id] if thing else [])
    return address, address


def on_booking(name: str, cast: Cast) -> tuple[str, str]:
    booking = began(cast)
    return reverse("staff_booking_detail", args=[booking.public_id]), reverse(name, args=[booking.public_id])


def comment(cast: Cast) -> tuple[str, str]:
    query = ask(cast)
    return reverse("query_answer", args=[query.public_id]), reverse("query_comment", args=[query.public_id])


REPLY = {"text": "At nine."}
FORMS: dict[str, tuple[Callable[[Cast], User], Callable[[Cast], tuple[str, str]], dict[str, str], type[Model]]] = {
    "query": (
        lambda cast: cast.student,
        lambda cast: at("query_create", None),
        {"category": "general", "subject": "Hello", "text": "A question"},
        Query,
    ),
    "message": (lambda cast: cast.student, lambda cast: at("query_detail", ask(cast)), {"text": "More"}, QueryMessage),
    "reply": (lambda cast: cast.front_desk, lambda cast: at("query_answer", ask(cast)), REPLY, QueryMessage),
    "send and resolve": (
        lambda cast: cast.front_desk,
        lambda cast: at("query_answer", ask(cast)),
        {**REPLY, "resolve": "yes"},
        QueryMessage,
    ),
    "comment": (lambda cast: cast.front_desk, comment, {"comment": "Between us"}, QueryMessage),
    "call": (
        lambda cast: cast.front_desk,
        lambda cast: at("call_create", cast.student),
        {"subject": "Hours", "text": "Asked when we are open.", "reply": "At nine."},
        QueryMessage,
    ),
    "note": (
        lambda cast: cast.adviser,
        lambda cast: on_booking("note_create", cast),
        {"text": "A note", "next_step": ""},
        BookingNote,
    ),
    "close": (
        lambda cast: cast.adviser,
        lambda cast: on_booking("staff_booking_close", cast),
        {"outcome": "attended", "text": "Went well"},
        BookingNote,
    ),
    "concern": (
        lambda cast: cast.adviser,
        lambda cast: at("concern_raise", cast.student),
        {"facts": "Very quiet", "seriousness": "worried"},
        Concern,
    ),
    "step": (
        lead,
        lambda cast: at("concern_detail", raised(cast)),
        {"kind": "contact", "words": "We talked."},
        ConcernStep,
    ),
    "report": (
        lambda cast: cast.student,
        lambda cast: at("concern_report", None),
        {"happened": "Somebody knows my password."},
        Lead,
    ),
}


def keys_on(answer: Any) -> list[str]:
    return [str(each) for each in tree_of(answer).xpath("//main//input[@name='once']/@value")]


@pytest.mark.parametrize("name", FORMS)
def test_a_form_sent_twice_makes_one(cast: Cast, name: str) -> None:
    who, where, said, made = FORMS[name]
    client, (page, address) = as_(who(cast)), where(cast)
    shown = client.get(page)
    said = {**said, **({"next_on": str(cast.day)} if name == "step" else {})}
    if name == "note":
        Booking.objects.update(status="attended", ended_at=database_now())
        shown = client.get(page)
    sent = {**said, "once": keys_on(shown)[-1 if name == "comment" else 0]}
    version = tree_of(shown).xpath("//main//input[@name='version']/@value")
    sent |= {"version": str(version[0])} if version and name not in ("comment", "note", "step") else {}
    before = made._default_manager.count()
    first = client.post(address, sent)
    assert first.status_code == 302, refusals(first)
    after, outbox = made._default_manager.count(), OutboxMessage.objects.count()
    assert after > before
    second = client.post(address, sent)
    assert (second.status_code, second["Location"]) == (302, first["Location"])
    assert (made._default_manager.count(), OutboxMessage.objects.count()) == (after, outbox)


def test_another_text_with_the_same_key_is_asked_about_and_kept(cast: Cast) -> None:
    client, address = as_(cast.student), reverse("query_create")
    said = {"category": "general", "subject": "Hello", "text": "A question"}
    key = keys_on(client.get(address))[0]
    client.post(address, {**said, "once": key})
    answer = client.post(address, {**said, "text": "Another question", "once": key})
    assert (answer.status_code, refusals(answer)) == (422, ["idempotency_key_reused"])
    assert answer.context["form"]["text"].value() == "Another question"
    assert keys_on(answer) != [key]
    assert client.post(address, {**said, "text": "Another question", "once": keys_on(answer)[0]}).status_code == 302
    assert Query.objects.count() == 2


def test_a_form_that_comes_back_keeps_its_key(cast: Cast) -> None:
    client, address = as_(cast.student), reverse("query_create")
    key = keys_on(client.get(address))[0]
    answer = client.post(address, {"category": "general", "subject": "", "text": "A question", "once": key})
    assert (answer.status_code, keys_on(answer)) == (422, [key])


def test_a_key_that_is_not_ours_is_no_key(cast: Cast) -> None:
    client, address = as_(cast.student), reverse("query_create")
    said = {"category": "general", "subject": "Hello", "text": "A question", "once": "x" * 5000}
    assert [client.post(address, said).status_code for _ in range(2)] == [302, 302]
    assert (Query.objects.count(), IdempotencyKey.objects.count()) == (2, 0)


@pytest.mark.parametrize("name", ["create", "reply"])
def test_programs_send_the_key_of_bookings(cast: Cast, name: str) -> None:
    program, key = Program(cast.student), {"Idempotency-Key": "4f1f0e1a-query"}
    address = "/queries/" if name == "create" else f"/queries/{ask(cast).public_id}/reply/"
    body = {"text": "A question"} | ({"category": "general", "subject": "Hello"} if name == "create" else {})
    first, second = (program.post(address, body, key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    changed = problem(program.post(address, {**body, "text": "Another"}, key), 422)
    assert changed["code"] == "idempotency_key_reused"


def test_a_key_belongs_to_one_person(cast: Cast) -> None:
    query = ask(cast)
    for colleague in (cast.adviser, cast.front_desk):
        reply_to_query(query=query, text="At nine.", by=colleague, once="one key of two")
    assert QueryMessage.objects.filter(kind="reply").count() == 2


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_one_reply_sent_many_times_at_once_is_one(transactional_db: None) -> None:
    cast = assemble()
    query = ask(cast)
    sending = partial(reply_to_query, query=query, text="At nine.", by=cast.adviser, once="a key of one form")
    outcome = race([sending] * 12)
    assert (outcome.broken, outcome.refused) == ([], [])
    assert len({message.pk for message in outcome.done if isinstance(message, QueryMessage)}) == 1
    assert OutboxMessage.objects.filter(kind="queries.replied").count() == 1
