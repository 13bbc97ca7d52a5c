"""The mailbox that a worker reads (MAIL-1)."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from queries.models import InboundEmail
from queries.tasks import read_mailbox
from tests.queries.mail_server import Mailbox, running
from tests.queries.odd_emails import text

pytestmark = [pytest.mark.django_db, pytest.mark.policy("MAIL-1")]


def test_a_worker_reads_it_and_survives_an_unreachable_server(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
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
