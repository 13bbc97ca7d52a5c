"""The emails in `corpus/`, each with the right reading beside it, written by hand (MAIL-1).

`belongs`: where it goes by itself. `text`: what colleagues see at once. `rest`: what “Show the rest” shows.
REPLY-ADDRESS in an email stands for the reply address of a student's query, MANAGER-ADDRESS for that of a manager.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from foundation.values.times import database_now, local_day
from queries.models import Handling, InboundEmail, Query, QueryMessage
from queries.operations.open_query import NewQuery, open_query
from queries.operations.receive_email import receive_email
from queries.operations.settle_email import open_email
from queries.rules.reply_address import reply_address
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.policy("MAIL-1")]

FOLDER = Path(__file__).parent / "corpus"
NAMES = sorted(path.stem for path in FOLDER.glob("*.eml"))
PLACES = {"its query": Handling.THREADED, "a new query": Handling.OPENED, "set aside": Handling.IGNORED}


@dataclass(frozen=True, slots=True)
class RightReading:
    belongs: str
    text: str
    rest: str


def right_reading(name: str) -> RightReading:
    return RightReading(**tomllib.loads((FOLDER / f"{name}.toml").read_text()))


def received(name: str, cast: Cast) -> tuple[InboundEmail, Query]:
    query = open_query(person=cast.student, asked=NewQuery("general", "About my CV", "Can you help?"), by=cast.student)
    address = reply_address(query.public_id, query.person_id, local_day(database_now()))
    raw = (FOLDER / f"{name}.eml").read_bytes().replace(b"REPLY-ADDRESS", address.encode())
    return receive_email(raw=raw.replace(b"MANAGER-ADDRESS", cast.manager.email.encode())), query


def test_there_are_enough_of_them() -> None:
    assert len(NAMES) >= 80
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_email_is_read_as_it_was_meant(name: str, cast: Cast) -> None:
    right = right_reading(name)
    email, query = received(name, cast)
    assert email.handling == PLACES[right.belongs], email.reason
    assert bool(email.reason) == (right.belongs == "set aside")
    if email.handling == Handling.IGNORED:
        email = open_email(email=email, by=cast.front_desk)
    message = QueryMessage.objects.get(email=email)
    assert (message.text, message.quoted) == (right.text, right.rest)
    assert (message.query == query) == (right.belongs == "its query" or email.handling == Handling.THREADED)
    assert (message.kind, message.by) == ("asked", None)
