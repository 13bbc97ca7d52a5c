"""Our emails about a query stay together in the person's mail program (MAIL-1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from foundation.values.times import database_now, local_day
from messaging.models import OutboxMessage
from messaging.operations.deliver import deliver_due
from messaging.providers.mail import as_mail
from messaging.rules.kinds import Composed, kind_named
from queries.models import InboundEmail, Query
from queries.operations.handle_query import resolve_query
from queries.operations.open_query import NewQuery, open_query
from queries.operations.receive_email import receive_email
from queries.operations.write_message import reply_to_query
from queries.rules.reply_address import reply_address
from queries.rules.subjects import answer_subject
from queries.selectors.mail_threads import MOST_REFERENCES, first_id, mail_thread
from tests.cast import Cast
from tests.messaging.peers.mail_server import MailServer
from tests.queries.odd_emails import text

pytestmark = [pytest.mark.django_db, pytest.mark.policy("MAIL-1")]


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    settings.MESSAGING_PROVIDERS = {"email": "messaging.providers.email.MailProvider"}
    settings.MESSAGING_EMAIL_CONNECTION = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    yield server
    server.stop()


def ask(cast: Cast) -> Query:
    return open_query(person=cast.student, asked=NewQuery("general", "About my CV", "Can you help?"), by=cast.student)


def written(query: Query, name: str) -> InboundEmail:
    address = reply_address(query.public_id, query.person_id, local_day(database_now()))
    return receive_email(raw=text(name, b"Hello again").replace(b"careers@example.ac.uk", address.encode()))


def sent(message: OutboxMessage) -> dict[str, str]:
    """Its headers as the mail server gets them, unfolded."""
    composed = kind_named(message.kind).compose(message)
    assert isinstance(composed, Composed)
    mail = as_mail(message, composed).message()
    return {name: " ".join(str(value).split()) for name, value in mail.items()}


class TestThreading:
    def test_every_email_about_a_query_refers_to_those_before_it(self, cast: Cast, mail_server: MailServer) -> None:
        """The whole way: through the outbox to a mail server."""
        query = ask(cast)
        deliver_due()
        reply_to_query(query=query, text="Which one?", by=cast.adviser)
        deliver_due()
        theirs = written(query, "theirs")
        reply_to_query(query=query, text="Thank you.", by=cast.adviser)
        resolve_query(query=query, by=cast.adviser)
        deliver_due()
        ours = list(OutboxMessage.objects.filter(regarding=query.public_id).order_by("pk"))
        ids = [each.message_id for each in ours]
        root = first_id(query)
        wanted = [
            (root, [root]),
            (ids[0], [root, ids[0]]),
            (theirs.message_id, [root, ids[0], ids[1], theirs.message_id]),
            (theirs.message_id, [root, ids[0], ids[1], theirs.message_id, ids[2]]),
        ]
        got = [(mail["In-Reply-To"], str(mail["References"]).split()) for mail in mail_server.accepted]
        assert got == wanted
        assert [mail["Auto-Submitted"] for mail in mail_server.accepted] == [
            "auto-generated", None, None, "auto-generated",
        ]  # fmt: skip
        assert {" ".join(str(mail["Subject"]).split()) for mail in mail_server.accepted} == {"Re: About my CV"}

    def test_a_retry_has_the_same_headers_whatever_was_written_since(self, cast: Cast) -> None:
        query = ask(cast)
        reply_to_query(query=query, text="Which one?", by=cast.adviser)
        message = OutboxMessage.objects.get(kind="queries.replied")
        before = mail_thread(query, message)
        InboundEmail.objects.filter(pk=written(query, "later").pk).update(message_id="<later@example.net>")
        query.messages.filter(email__isnull=False).update(at=message.created_at + timedelta(seconds=1))
        assert mail_thread(query, message) == before

    @pytest.mark.parametrize(
        "message_id",
        ["<a@b.example>\r\nBcc: everybody@example.net", "<a b@c.example>", "a@b.example", "<é@b.example>", ""],
    )
    def test_a_strangers_message_id_never_changes_our_headers(self, cast: Cast, message_id: str) -> None:
        query = ask(cast)
        InboundEmail.objects.filter(pk=written(query, "odd").pk).update(message_id=message_id)
        reply_to_query(query=query, text="Which one?", by=cast.adviser)
        headers = sent(OutboxMessage.objects.get(kind="queries.replied"))
        assert (headers["In-Reply-To"], headers["References"]) == (first_id(query), first_id(query))
        assert "Bcc" not in headers

    def test_a_long_thread_keeps_its_first_and_latest_emails(self, cast: Cast) -> None:
        query = ask(cast)
        for number in range(MOST_REFERENCES + 3):
            written(query, f"n{number}")
        reply_to_query(query=query, text="Which one?", by=cast.adviser)
        found = sent(OutboxMessage.objects.get(kind="queries.replied"))["References"].split()
        assert (len(found), found[0], found[-1]) == (
            MOST_REFERENCES, first_id(query), f"<n{MOST_REFERENCES + 2}@example.net>",
        )  # fmt: skip

    def test_emails_to_others_about_the_query_are_not_named(self, cast: Cast) -> None:
        query = ask(cast)
        other = OutboxMessage.objects.get(kind="queries.received")
        sent_at = database_now()
        OutboxMessage.objects.filter(pk=other.pk).update(
            recipient=cast.other_student, message_id="<other@example.ac.uk>", state="sent", sent_at=sent_at
        )
        reply_to_query(query=query, text="Which one?", by=cast.adviser)
        assert "other@" not in sent(OutboxMessage.objects.get(kind="queries.replied"))["References"]


@pytest.mark.parametrize(
    ("subject", "ours"),
    [
        ("About my CV", "Re: About my CV"),
        ("Re: About my CV", "Re: About my CV"),
        ("AW: About my CV", "AW: About my CV"),
        ("RE : Mon CV", "RE : Mon CV"),
        ("Fwd: Offer", "Re: Fwd: Offer"),
        ("Research", "Re: Research"),
    ],
)
def test_the_subject_of_an_answer_stays_the_same(subject: str, ours: str) -> None:
    assert answer_subject(subject) == ours
    assert answer_subject(ours) == ours
