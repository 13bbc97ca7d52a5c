"""Incoming email: one query at most, nothing executed, nothing trusted, nothing lost (MAIL-1)."""

import importlib
import json
from base64 import b64encode
from datetime import timedelta
from email.message import EmailMessage
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import clear_url_caches, reverse

import careerconnect.urls
from accounts.models import User
from foundation.values.times import database_now, local_day
from messaging.models import OutboxMessage
from messaging.operations.deliver import deliver_message
from queries.models import Category, Handling, InboundEmail, Query, QueryMessage
from queries.operations.handle_query import merge_queries
from queries.operations.open_query import NewQuery, open_query
from queries.operations.receive_email import LARGEST, MOST_AN_HOUR, receive_email
from queries.operations.write_message import reply_to_query
from queries.rules.emails import read_email
from queries.rules.reply_address import GOOD_FOR, reply_address
from tests.appointments.racing import race
from tests.cast import Cast, assemble

pytestmark = [pytest.mark.django_db, pytest.mark.policy("MAIL-1")]

NUMBERS = iter(range(10_000))


def email(text: str = "Hello there.", **headers: str) -> bytes:
    message = EmailMessage()
    said = {
        "From": "somebody@example.net", "To": "careers@example.ac.uk", "Subject": "A question",
        "Message-ID": f"<{next(NUMBERS)}@example.net>",
    } | {name.replace("_", "-"): value for name, value in headers.items()}  # fmt: skip
    for name, value in said.items():
        message[name] = value
    message.set_content(text)
    return message.as_bytes()


def ask(cast: Cast, person: User | None = None) -> Query:
    person = person or cast.student
    return open_query(person=person, asked=NewQuery(Category.GENERAL, "About my CV", "Can you help?"), by=person)


def address_of(query: Query, days_ago: int = 0) -> str:
    return reply_address(query.public_id, query.person_id, local_day(database_now()) - timedelta(days=days_ago))


class TestThreads:
    def test_an_answer_joins_its_thread_by_the_address_we_sent(self, cast: Cast) -> None:
        """The whole way: our reply is sent, and its Reply-To is answered."""
        query = ask(cast)
        reply_to_query(query=query, text="Which one?", by=cast.adviser)
        message = OutboxMessage.objects.get(kind="queries.replied")
        deliver_message(message.public_id)
        handled = receive_email(
            raw=email("The second one.\n\nOn Monday somebody wrote:\n> Which one?", To=address_of(query))
        )
        assert (handled.handling, handled.query) == (Handling.THREADED, query)
        last = QueryMessage.objects.latest("pk")
        assert (last.kind, last.text, last.by) == ("asked", "The second one.", None)
        assert last.quoted.startswith("On Monday")
        assert Query.objects.count() == 1

    def test_an_answer_to_a_merged_query_joins_the_other(self, cast: Cast) -> None:
        first, second = ask(cast), ask(cast)
        address = address_of(second)
        merge_queries(query=second, into=first, by=cast.adviser)
        assert receive_email(raw=email(To=address)).query == first

    @pytest.mark.parametrize("where", ["Cc", "Delivered-To", "X-Original-To"])
    def test_the_reply_address_is_found_in_any_header(self, cast: Cast, where: str) -> None:
        query = ask(cast)
        assert receive_email(raw=email(**{where.replace("-", "_"): address_of(query).upper()})).query == query

    def test_forged_expired_and_borrowed_addresses_open_an_unverified_query(self, cast: Cast) -> None:
        mine, theirs = ask(cast), ask(cast, cast.other_student)
        good = address_of(mine)
        proof = good.split("-")[2].split("@")[0]
        forged = good.replace(proof, proof[:-1] + ("a" if proof[-1] != "a" else "b"))
        borrowed = good.replace(mine.public_id, theirs.public_id)
        expired = address_of(mine, GOOD_FOR.days + 1)
        later = good.replace(good.split("-")[1], str(int(good.split("-")[1]) + 1))
        for address in (forged, borrowed, expired, later, "reply+x@example.ac.uk", "reply@example.ac.uk"):
            handled = receive_email(raw=email(To=address))
            assert handled.handling == Handling.OPENED, address
            assert handled.query is not None
            assert handled.query.is_unverified
        assert QueryMessage.objects.filter(query__in=[mine, theirs]).count() == 2

    def test_an_email_never_acts_as_staff_whatever_its_sender(self, cast: Cast) -> None:
        query = ask(cast)
        for name in ("adviser", "manager", "administrator", "student"):
            receive_email(raw=email(From=getattr(cast, name).email, To=address_of(query)))
        assert set(query.messages.values_list("kind", flat=True)) == {"asked"}
        assert not query.messages.filter(via="email", by__isnull=False).exists()
        spoofed = receive_email(raw=email(From=cast.manager.email)).query
        assert spoofed is not None
        assert spoofed.person is None
        page = Client()
        page.force_login(cast.adviser)
        shown = page.get(reverse("query_answer", args=[query.public_id])).content.decode()
        assert "data-unproven" in shown


class TestNobodyTypedIt:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Auto_Submitted": "auto-replied"},
            {"Auto_Submitted": "Auto-Generated; owner=x"},
            {"Auto_Submitted": "auto-generated", "List_Id": "<list.example.net>"},
            {"X_Autoreply": "yes"},
            {"X_Auto_Response_Suppress": "All", "Subject": "Automatic reply: About my CV"},
            {"Precedence": "auto_reply", "Subject": "Réponse automatique : CV"},
            {"From": "Mail Delivery System <MAILER-DAEMON@mx.example.net>"},
            {"Return_Path": "<>"},
            {"From": "CareerConnect <careers@example.ac.uk>"},
            {"From": "reply@example.ac.uk"},
        ],
    )
    def test_automatic_emails_are_stored_and_not_answered(self, cast: Cast, settings: Any, headers: Any) -> None:
        settings.DEFAULT_FROM_EMAIL = "CareerConnect <careers@example.ac.uk>"
        query = ask(cast)
        before = OutboxMessage.objects.count()
        handled = receive_email(raw=email(To=address_of(query), **headers))
        assert (handled.handling, bool(handled.reason)) == (Handling.IGNORED, True)
        assert bytes(handled.raw)
        assert query.messages.count() == 1
        assert OutboxMessage.objects.count() == before

    @pytest.mark.parametrize(
        "headers",
        [
            {"Precedence": "bulk"},
            {"Precedence": "list", "List_Id": "<list.example.net>", "List_Unsubscribe": "<mailto:x@example.net>"},
            {"X_Auto_Response_Suppress": "All"},
            {"Subject": "Out of office work experience"},
            {"X_Autoreply": "no"},
        ],
    )
    def test_signs_of_lists_and_of_exchange_discard_nothing(self, cast: Cast, headers: Any) -> None:
        query = ask(cast)
        assert receive_email(raw=email(To=address_of(query), **headers)).query == query
        assert receive_email(raw=email(**headers)).handling == Handling.OPENED

    def test_auto_submitted_no_counts_as_typed(self) -> None:
        assert receive_email(raw=email(Auto_Submitted="no")).handling == Handling.OPENED

    def test_a_loop_that_hides_itself_is_stopped(self, cast: Cast) -> None:
        for number in range(MOST_AN_HOUR + 5):
            receive_email(raw=email(f"Number {number}"))
        assert Query.objects.count() == MOST_AN_HOUR
        assert InboundEmail.objects.filter(handling=Handling.HELD).count() == 5

    def test_nobody_is_written_to_at_an_address_that_proves_nothing(self) -> None:
        receive_email(raw=email())
        assert not OutboxMessage.objects.exists()


class TestOnce:
    def test_the_same_email_again_changes_nothing(self) -> None:
        raw = email(Message_ID="<same@example.net>")
        assert receive_email(raw=raw).pk == receive_email(raw=raw).pk
        other = receive_email(raw=raw.replace(b"\n\n", b"\nX-Hop: 2\n\n", 1))
        assert other.handling == Handling.IGNORED
        assert Query.objects.count() == 1

    @pytest.mark.races
    @pytest.mark.django_db(transaction=True)
    def test_two_entry_points_at_once(self, transactional_db: None) -> None:
        assemble()
        outcome = race([partial(receive_email, raw=email(Message_ID="<once@example.net>"))] * 12)
        assert outcome.broken == []
        assert (Query.objects.count(), InboundEmail.objects.count()) == (1, 1)


HTML = (
    "<html><head><style>p{background:url(http://evil.example/a)}</style><script>alert(1)</script></head>"
    '<body onload="alert(2)"><p>Hello <img src="http://evil.example/p.png" onerror="alert(3)">there</p>'
    '<a href="javascript:alert(4)">a link</a><iframe src="http://evil.example"></iframe><svg/onload=alert(5)>'
    "<p>&lt;script&gt;alert(6)&lt;/script&gt;</p><!--[if mso]>x<![endif]--></body></html>"
)


def only_html(html: str) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = "a@b.example", "Html", f"<h{next(NUMBERS)}@b>"
    message.set_content(html, subtype="html")
    return message.as_bytes()


class TestWhatItSays:
    def test_only_the_text_of_html_is_used(self, cast: Cast) -> None:
        query = receive_email(raw=only_html(HTML)).query
        assert query is not None
        page = Client()
        page.force_login(cast.adviser)
        shown = page.get(reverse("query_answer", args=[query.public_id])).content.decode()
        assert "Hello" in shown
        assert "there" in shown
        for evil in ("evil.example", "onerror", "onload=", "javascript:", "<script>alert", "<iframe"):
            assert evil not in shown, evil
        assert "&lt;script&gt;alert(6)" in shown

    def test_direction_and_control_characters_are_removed(self) -> None:
        said = read_email(email("Pay \u202egpj.exe\u202c now\u200b\x07", Subject="A \u202eb"))
        assert said.text == "Pay gpj.exe now"
        assert said.subject == "A b"

    def test_attachments_are_named_and_not_opened(self) -> None:
        message = EmailMessage()
        message["From"], message["Subject"], message["Message-ID"] = "a@b.example", "Files", "<f@b>"
        message.set_content("See attached.")
        message.add_attachment(b"MZ\x90", maintype="application", subtype="x-msdownload", filename="cv.pdf.exe")
        message.add_attachment(b"PK\x03\x04", maintype="application", subtype="zip", filename="../../etc/passwd.zip")
        handled = receive_email(raw=message.as_bytes())
        text = QueryMessage.objects.get().text
        assert "cv.pdf.exe" in text
        assert "not taken in" in text
        assert b"cv.pdf.exe" in bytes(handled.raw)

    def test_an_email_that_is_too_large_is_reported_and_not_lost(self) -> None:
        handled = receive_email(raw=email("Big. " * 10) + b"x" * (LARGEST + 1))
        assert handled.handling == Handling.OPENED
        assert "was too large" in QueryMessage.objects.get().text
        assert len(bytes(handled.raw)) < 300_000

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"\n\n",
            b"\x00\xff\xfe\x00",
            b"no headers at all",
            b"From: \xff\xfe\nSubject: =?utf-8?B?////?=\n\nx",
            b"From: a@b.example\nSubject: =?bogus?Q?x?=\n\nx",
            b"From: a@b.example\nContent-Type: text/plain; charset=made-up\n\nx",
            b"From: a@b.example\nContent-Type: multipart/mixed; boundary=\n\n--\n--",
            b"From: a@b.example\n" + b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" * 2 + b"\n--a",
            b"From: a@b.example\nContent-Transfer-Encoding: base64\n\n!!!!",
            b"From: a@b.example\nContent-Type: message/rfc822\n\nFrom: c@d.example\n\nx",
            b"From: a@b.example, c@d.example\nTo: (((\nDate: never\nMessage-ID: <<<>\n\nx",
            b"Subject: \r\n injected: header\r\n\r\nx",
            b"From: a@b.example\nTo: " + b"x@y.example, " * 5000 + b"\n\nx",
            b"From: " + b"a" * 100_000 + b"\n\nx",
        ],
        ids=range(15),
    )
    def test_a_malformed_email_is_one_query_at_most_and_never_an_error(self, raw: bytes) -> None:
        handled = receive_email(raw=raw)
        assert handled.handling == Handling.OPENED
        assert Query.objects.count() == 1
        assert bytes(InboundEmail.objects.get().raw) == raw

    def test_300_nested_parts_become_a_query(self) -> None:
        raw = b"From: a@b.example\n" + b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(300)
        )
        assert receive_email(raw=raw + b"Content-Type: text/plain\n\ndeep").query is not None


class TestDoors:
    def test_the_command_takes_a_file_and_standard_input(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = tmp_path / "one.eml"
        file.write_bytes(email())
        call_command("receive_email", str(file))

        class Standard:
            buffer = BytesIO(email())

        monkeypatch.setattr("sys.stdin", Standard)
        call_command("receive_email", "-")
        assert Query.objects.count() == 2
        assert "opened a query" in capsys.readouterr().out

    def test_a_providers_webhook_with_its_secret_and_not_without(self, settings: Any) -> None:
        settings.ANYMAIL = {**settings.ANYMAIL, "WEBHOOK_SECRET": "robot:open-sesame"}
        importlib.reload(careerconnect.urls)
        clear_url_caches()
        said = {"FromFull": {"Email": "a@b.example", "Name": ""}, "ToFull": [], "Subject": "By webhook"}
        said |= {"TextBody": "Hello.", "Headers": [{"Name": "Message-ID", "Value": "<w@b.example>"}], "Attachments": []}
        try:
            client, where = Client(), "/inbound/postmark/inbound/"
            for secret, status in ((b"robot:wrong", 400), (b"robot:open-sesame", 200), (b"robot:open-sesame", 200)):
                headers = {"Authorization": "Basic " + b64encode(secret).decode()}
                answer = client.post(where, json.dumps(said), content_type="application/json", headers=headers)
                assert answer.status_code == status
        finally:
            settings.ANYMAIL = {}
            importlib.reload(careerconnect.urls)
            clear_url_caches()
        assert [query.subject for query in Query.objects.all()] == ["By webhook"]

    def test_there_is_no_webhook_without_a_secret(self) -> None:
        assert Client().post("/inbound/postmark/inbound/", "{}", content_type="application/json").status_code == 404
