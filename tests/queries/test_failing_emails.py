"""A bad email stops nothing and is not lost: it is stored and listed, and the next one is handled (MAIL-1)."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from syrupy.assertion import SnapshotAssertion

from accounts.models import AuditEntry, User
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now, local_day
from queries.models import Handling, InboundEmail, Query, QueryMessage, QueryStatus
from queries.operations.forget import forget_queries
from queries.operations.merge_queries import merge_queries
from queries.operations.open_query import NewQuery, open_query
from queries.operations.receive_email import MOST_AN_HOUR, receive_email
from queries.operations.settle_email import open_email, retry_email, settle_email
from queries.rules.reply_address import reply_address
from queries.tasks import read_mailbox
from tests.cast import Cast
from tests.page_parts import markup
from tests.queries.mail_server import Mailbox, running
from tests.queries.odd_emails import ODD, multipart, part, text
from tests.queries.test_reading_emails import mutated
from tools.places import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.policy("MAIL-1")]

CountQueries = Callable[[int], AbstractContextManager[Any]]
REFUSES = """
CREATE FUNCTION refuse_turnips() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN IF NEW.text LIKE '%turnips%' THEN RAISE EXCEPTION 'no turnips'; END IF; RETURN NEW; END $$;
CREATE TRIGGER refuse_turnips BEFORE INSERT ON queries_querymessage FOR EACH ROW EXECUTE FUNCTION refuse_turnips();
"""
ACCEPTS = "DROP TRIGGER refuse_turnips ON queries_querymessage; DROP FUNCTION refuse_turnips();"


def run_sql(words: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(words)


@pytest.fixture
def refuses() -> None:
    """The database refuses messages about turnips, as it might refuse something that nobody thought of."""
    run_sql(REFUSES)


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def ask(cast: Cast) -> Query:
    return open_query(person=cast.student, asked=NewQuery("general", "About my CV", "Can you help?"), by=cast.student)


def address_of(query: Query) -> str:
    return reply_address(query.public_id, query.person_id, local_day(database_now()))


def to(query: Query, name: str = "t", body: bytes = b"Hello again") -> bytes:
    return text(name, body).replace(b"careers@example.ac.uk", address_of(query).encode())


class TestEverything:
    @pytest.mark.parametrize("name", ODD)
    def test_each_odd_email_becomes_one_query_and_one_row(self, name: str) -> None:
        handled = receive_email(raw=ODD[name][0])
        assert handled.handling == Handling.OPENED
        assert (Query.objects.count(), InboundEmail.objects.count()) == (1, 1)
        message = QueryMessage.objects.get()
        assert message.email == handled
        assert [each for each in ODD[name][1] if each not in f"{message.text}\n{message.quoted}"] == []

    @pytest.mark.parametrize("seed", range(6))
    def test_mutated_emails_never_raise_and_leave_one_row_each(self, cast: Cast, seed: int) -> None:
        """Forty each, some of them to a thread; each becomes one row."""
        dice, query = random.Random(seed), ask(cast)
        for number in range(40):
            raw = mutated(ODD[dice.choice(sorted(ODD))][0][:20_000], dice, dice.randrange(1, 30))
            raw = b"To: " + address_of(query).encode() + b"\n" + raw if number % 3 == 0 else raw
            receive_email(raw=raw)
            assert InboundEmail.objects.count() == number + 1
        assert not InboundEmail.objects.filter(handling__in=[Handling.QUEUED, Handling.FAILED]).exists()

    @pytest.mark.parametrize(
        "header",
        ["From: a\0@b.example", "Message-ID: <a\0b@c>", "Subject: a\0b", "To: a\0@b", "From: =?utf-8?b?AEA=?="],
    )
    def test_nul_in_a_header(self, header: str) -> None:
        assert receive_email(raw=header.encode() + b"\n\nHello").handling == Handling.OPENED

    def test_surrogates_in_a_thread(self, cast: Cast) -> None:
        query = ask(cast)
        for label in ("unicode_escape", "utf-7", "utf-16le"):
            raw = to(query, label, rb"x\ud800 +2AA- y").replace(b"text/plain", b"text/plain; charset=" + label.encode())
            assert receive_email(raw=raw).query == query

    def test_what_was_quoted_is_kept_for_a_new_query_too(self) -> None:
        receive_email(raw=text("q", b"Yes.\n\nOn Monday Ann wrote:\n> Well?"))
        message = QueryMessage.objects.get()
        assert (message.text, message.quoted) == ("Yes.", "On Monday Ann wrote:\n> Well?")


class TestWhatFails:
    def test_a_failed_email_is_stored_and_the_next_is_handled(self, cast: Cast, refuses: None) -> None:
        raw = text("bad", b"About turnips")
        failed = receive_email(raw=raw)
        assert (failed.handling, bytes(failed.raw), failed.query) == (Handling.FAILED, raw, None)
        assert (failed.sender, failed.subject) == ("ann@example.net", "Hello")
        assert receive_email(raw=raw).pk == failed.pk
        assert receive_email(raw=text("good", b"About parsnips")).handling == Handling.OPENED
        assert Query.objects.count() == 1
        assert AuditEntry.objects.filter(action="email_failed", subject_id=failed.public_id).count() == 1

    def test_tried_again_in_vain_and_then_with_success(self, cast: Cast, refuses: None) -> None:
        failed = receive_email(raw=text("bad", b"About turnips"))
        with pytest.raises(Refused) as refused:
            retry_email(email=failed, by=cast.adviser)
        assert refused.value.code == "email_unreadable"
        run_sql(ACCEPTS)
        assert retry_email(email=failed, by=cast.adviser).handling == Handling.OPENED
        assert "About turnips" in QueryMessage.objects.get().text
        for each in (retry_email, open_email, settle_email):
            with pytest.raises(Refused) as refused:
                each(email=failed, by=cast.adviser)
            assert refused.value.code == "email_done"

    def test_a_retried_email_joins_its_thread(self, cast: Cast, refuses: None) -> None:
        query = ask(cast)
        failed = receive_email(raw=to(query, "bad", b"About turnips"))
        run_sql(ACCEPTS)
        assert retry_email(email=failed, by=cast.adviser).query == query
        assert query.messages.latest("pk").email == failed

    @pytest.mark.parametrize("who", ["student", "administrator", "outsider"])
    @pytest.mark.parametrize("act", [retry_email, open_email, settle_email])
    def test_only_careers_staff_handle_failed_emails(
        self, cast: Cast, act: Callable[..., object], who: str, refuses: None
    ) -> None:
        failed = receive_email(raw=text("bad", b"About turnips"))
        with pytest.raises(Refused) as refused:
            act(email=failed, by=getattr(cast, who))
        assert refused.value.status == 403

    def test_a_query_shows_what_happened_to_its_email(self) -> None:
        opened = receive_email(raw=text("o", b"Hello"))
        for broken in ({"handling": "made-up"}, {"handling": "held"}, {"query": None}):
            with pytest.raises(IntegrityError), transaction.atomic():
                InboundEmail.objects.filter(pk=opened.pk).update(**broken)


def as_merged(query: Query, into: Query) -> None:
    """Merges without the operation, which would refuse."""
    Query.objects.filter(pk=query.pk).update(merged_into=into, state=QueryStatus.RESOLVED, resolved_at=database_now())


class TestMerges:
    def test_an_answer_arrives_after_two_merges(self, cast: Cast) -> None:
        first, second, third = ask(cast), ask(cast), ask(cast)
        earlier = receive_email(raw=to(first, "earlier"))
        merge_queries(query=first, into=second, by=cast.adviser)
        merge_queries(query=second, into=third, by=cast.adviser)
        assert receive_email(raw=to(first, "later")).query == third
        earlier.refresh_from_db()
        assert earlier.query == third
        assert third.messages.count() == 5
        assert set(Query.objects.filter(merged_into=third)) == {first, second}

    def test_an_older_chain_is_followed_to_its_end(self, cast: Cast) -> None:
        """As older merges left them, before every merge was made one step long."""
        first, second, third = ask(cast), ask(cast), ask(cast)
        merge_queries(query=second, into=third, by=cast.adviser)
        as_merged(first, second)
        assert receive_email(raw=to(first)).query == third

    def test_a_circle_of_merges_ends_and_loses_nothing(self, cast: Cast) -> None:
        first, second = ask(cast), ask(cast)
        as_merged(first, second)
        as_merged(second, first)
        assert receive_email(raw=to(first)).handling == Handling.FAILED
        with pytest.raises(IntegrityError), transaction.atomic():
            as_merged(first, first)

    def test_merged_queries_are_deleted_together(self, cast: Cast) -> None:
        first, second, third = ask(cast), ask(cast), ask(cast)
        receive_email(raw=to(first))
        merge_queries(query=first, into=second, by=cast.adviser)
        merge_queries(query=second, into=third, by=cast.adviser)
        forget_queries([third.pk])
        assert (Query.objects.count(), InboundEmail.objects.count(), QueryMessage.objects.count()) == (0, 0, 0)


class TestWhoseAddressItBears:
    def test_twenty_spoofed_emails_silence_nobody(self, cast: Cast) -> None:
        query = ask(cast)
        for number in range(MOST_AN_HOUR + 3):
            receive_email(raw=text(f"spoofed{number}", b"Buy turnips"))
        genuine = receive_email(raw=text("genuine", b"It is really me"))
        assert genuine.handling == Handling.HELD
        assert receive_email(raw=to(query, "proven")).handling == Handling.THREADED
        assert receive_email(raw=text("other", b"Hi").replace(b"ann@", b"ben@")).handling == Handling.OPENED
        assert open_email(email=genuine, by=cast.front_desk).handling == Handling.OPENED
        assert QueryMessage.objects.filter(text="It is really me").exists()

    def test_emails_that_prove_their_thread_do_not_count(self, cast: Cast) -> None:
        query = ask(cast)
        for number in range(MOST_AN_HOUR + 5):
            assert receive_email(raw=to(query, str(number))).handling == Handling.THREADED
        assert receive_email(raw=text("new", b"Another question")).handling == Handling.OPENED

    def test_a_copied_message_id_does_not_hide_another_email(self, cast: Cast) -> None:
        query = ask(cast)
        assert receive_email(raw=text("same", b"Buy turnips")).handling == Handling.OPENED
        assert receive_email(raw=text("same", b"My real question")).handling == Handling.OPENED
        joined = receive_email(raw=to(query, "same", b"Buy turnips"))
        assert joined.handling == Handling.THREADED

    def test_an_ignored_email_is_no_first_copy(self) -> None:
        raw = text("copied", b"My real question")
        assert receive_email(raw=b"Auto-Submitted: auto-replied\n" + raw).handling == Handling.IGNORED
        assert receive_email(raw=raw).handling == Handling.OPENED
        assert receive_email(raw=b"X-Hop: 2\n" + raw).handling == Handling.IGNORED

    def test_an_email_that_looked_automatic_can_be_opened(self, cast: Cast) -> None:
        ignored = receive_email(raw=b"Auto-Submitted: auto-generated\n" + text("o", b"My question"))
        assert ignored.handling == Handling.IGNORED
        assert open_email(email=ignored, by=cast.adviser).handling == Handling.OPENED


class TestWhatIsSetAside:
    @pytest.mark.parametrize("rows", [1, 3])
    def test_it_is_listed_with_the_reason_and_can_be_opened(
        self, cast: Cast, rows: int, django_assert_num_queries: CountQueries
    ) -> None:
        raws = [b"Auto-Submitted: auto-replied\n" + text(f"away{number}", b"I am away") for number in range(rows)]
        emails = [receive_email(raw=raw) for raw in raws]
        client = as_(cast.front_desk)
        with django_assert_num_queries(4):  # session, person, count, rows
            page = client.get(reverse("inbound_email_list"), {"view": "ignored"}).content.decode()
        assert page.count("data-why") == rows
        assert all(each.reason and each.reason in page for each in emails)
        client.post(reverse("inbound_email_open", args=[emails[0].public_id]))
        assert QueryMessage.objects.get().email == emails[0]

    def test_an_email_dealt_with_by_mistake_can_be_opened(self, cast: Cast, refuses: None) -> None:
        settled = settle_email(email=receive_email(raw=text("bad", b"About turnips")), by=cast.adviser)
        page = as_(cast.adviser).get(reverse("inbound_email_list"), {"view": "settled"}).content.decode()
        assert reverse("inbound_email_open", args=[settled.public_id]) in page
        run_sql(ACCEPTS)
        assert open_email(email=settled, by=cast.adviser).handling == Handling.OPENED


class TestShowTheRest:
    def test_staff_and_student_can_unfold_what_is_not_shown(self, cast: Cast) -> None:
        query = ask(cast)
        receive_email(raw=to(query, "q", b"Yes.\n\nOn Monday Ann wrote:\n> The rest of it"))
        for name, person in (("query_answer", cast.adviser), ("query_detail", cast.student)):
            page = as_(person).get(reverse(name, args=[query.public_id])).content.decode()
            before, found, _ = page.partition("The rest of it")
            assert found, name
            assert "</details>" not in before.rpartition("<details")[2], name


class TestFailingEmailPages:
    @pytest.mark.parametrize("rows", [1, 3])
    def test_inbound_email_list_queries(self, cast: Cast, rows: int, django_assert_num_queries: CountQueries) -> None:
        for number in range(MOST_AN_HOUR + rows):
            receive_email(raw=text(f"held{number}", b"Hello"))
        client = as_(cast.adviser)
        with django_assert_num_queries(4):  # session, person, count, rows
            page = client.get(reverse("inbound_email_list"))
        assert page.content.decode().count("/settle/") == rows
        with django_assert_num_queries(7):  # the same as without them
            inbox = markup(client.get(reverse("query_inbox")))
        assert f'Emails to check<span class="count">{rows}</span>' in inbox

    def test_the_inbox_counts_them_where_no_query_is_open(self, cast: Cast, refuses: None) -> None:
        receive_email(raw=text("bad", b"About turnips"))
        inbox = markup(as_(cast.adviser).get(reverse("query_inbox")))
        assert 'Emails to check<span class="count">1</span>' in inbox

    def test_inbound_email_list_is_empty_and_says_so(self, cast: Cast) -> None:
        client = as_(cast.front_desk)
        for view in ("", "ignored", "settled", "made-up"):
            page = client.get(reverse("inbound_email_list"), {"view": view})
            assert (page.status_code, b"empty-state" in page.content) == (200, True)

    def test_buttons_of_an_email(self, cast: Cast, refuses: None) -> None:
        client = as_(cast.front_desk)
        failed = receive_email(raw=text("bad", b"About turnips"))
        listed = client.get(reverse("inbound_email_list")).content.decode()
        for name in ("open", "retry", "settle", "original"):
            assert reverse(f"inbound_email_{name}", args=[failed.public_id]) in listed
        client.post(reverse("inbound_email_retry", args=[failed.public_id]))
        failed.refresh_from_db()
        assert failed.handling == Handling.FAILED
        client.post(reverse("inbound_email_settle", args=[failed.public_id]))
        failed.refresh_from_db()
        assert failed.handling == Handling.SETTLED
        settled = client.get(reverse("inbound_email_list"), {"view": "settled"}).content.decode()
        assert reverse("inbound_email_original", args=[failed.public_id]) in settled

    @pytest.mark.policy("DATA-6")
    def test_the_original_is_saved_never_shown_and_every_look_is_recorded(self, cast: Cast) -> None:
        query = ask(cast)
        raw = to(query, "html", b"<script>alert(1)</script>").replace(b"text/plain", b"text/html")
        email = receive_email(raw=raw)
        where = reverse("inbound_email_original", args=[email.public_id])
        assert where in as_(cast.adviser).get(reverse("query_answer", args=[query.public_id])).content.decode()
        assert where not in as_(cast.student).get(reverse("query_detail", args=[query.public_id])).content.decode()
        answer = as_(cast.adviser).get(where)
        assert (answer.status_code, answer.content) == (200, raw)
        assert answer["Content-Type"].partition(";")[0] == "text/plain"
        assert answer["Content-Disposition"] == f'attachment; filename="email-{email.public_id}.eml"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]
        read = AuditEntry.objects.get(action="read", subject="inbound_email")
        assert (read.actor, read.student, read.subject_id) == (cast.adviser, cast.student, email.public_id)

    def test_people_who_may_not_read_the_query_get_no_original(self, cast: Cast) -> None:
        appeal = open_query(person=cast.student, asked=NewQuery("appeal", "Appeal", "Unfair"), by=cast.student)
        where = reverse("inbound_email_original", args=[receive_email(raw=to(appeal)).public_id])
        for who, status in (("adviser", 404), ("front_desk", 404), ("student", 404), ("manager", 200)):
            assert as_(getattr(cast, who)).get(where).status_code == status, who
        assert AuditEntry.objects.filter(action="read", subject="inbound_email").count() == 1

    def test_an_original_that_is_no_longer_kept_is_not_found(self, cast: Cast) -> None:
        email = receive_email(raw=text("gone", b"Hello"))
        InboundEmail.objects.filter(pk=email.pk).update(raw=b"")
        answer = as_(cast.adviser).get(reverse("inbound_email_original", args=[email.public_id]))
        assert answer.status_code == 404


class TestMailbox:
    def test_one_bad_email_keeps_none_of_the_others_waiting(
        self,
        settings: Any,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: Any,
        refuses: None,
        snapshot: SnapshotAssertion,
    ) -> None:
        messages = [text("one", b"One"), text("bad", b"turnips"), text("lost", b"x"), b"", text("five", b"Five")]
        box = Mailbox(messages, broken={3})
        with running(box, tmp_path) as certificate:
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
            settings.QUERIES_MAILBOX = urlsplit(f"imaps://reader:secret@127.0.0.1:{box.port}/INBOX")
            with pytest.raises(CommandError) as left:
                call_command("read_mailbox")
            assert (str(left.value), left.value.returncode) == (
                snapshot, os.EX_TEMPFAIL,
            )  # fmt: skip
            assert box.seen == {1, 2, 4, 5}
            box.broken.clear()
            call_command("read_mailbox")
        assert capsys.readouterr().out == snapshot
        assert box.seen == {1, 2, 3, 4, 5}
        assert InboundEmail.objects.count() == 5

    def test_an_unreachable_mail_server_is_reported(self, settings: Any) -> None:
        settings.QUERIES_MAILBOX = urlsplit("imaps://reader:secret@127.0.0.1:1/INBOX")
        with pytest.raises(CommandError, match=r"mailbox could .*ConnectionRefusedError"):
            call_command("read_mailbox")

    def test_a_worker_reads_it_and_survives_an_unreachable_server(
        self, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        settings.QUERIES_MAILBOX = None
        read_mailbox()
        box = Mailbox([text("one", b"One")], broken=set())
        with running(box, tmp_path) as certificate:
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
            settings.QUERIES_MAILBOX = urlsplit(f"imaps://reader:secret@127.0.0.1:{box.port}/INBOX")
            read_mailbox()
        assert (box.seen, InboundEmail.objects.count()) == ({1}, 1)
        read_mailbox()
        assert "secret" not in caplog.text
        assert caplog.records[-1].levelname == "WARNING"


class TestPipe:
    def test_the_mail_server_keeps_the_email_while_the_database_is_away(self, tmp_path: Path) -> None:
        env = {**os.environ, "DATABASE_URL": f"postgres://nobody@/none?host={tmp_path}"}
        command = [sys.executable, "manage.py", "receive_email", "-"]
        done = subprocess.run(command, cwd=ROOT, env=env, input=text("p", b"Hello"), capture_output=True)
        assert done.returncode == os.EX_TEMPFAIL, done.stderr
        assert b"Hello" not in done.stderr + done.stdout

    def test_an_email_that_cannot_be_handled_is_still_accepted(self, tmp_path: Path, refuses: None) -> None:
        file = tmp_path / "bad.eml"
        file.write_bytes(text("bad", b"turnips"))
        call_command("receive_email", str(file))
        assert InboundEmail.objects.get().handling == Handling.FAILED

    def test_many_parts_of_one_email_are_one_query(self) -> None:
        receive_email(raw=multipart("m", "mixed", *[part("text/plain", b"x")] * 400))
        assert "left out" in QueryMessage.objects.get().text
