"""Deleted everywhere: in `pg_dump`, files, Valkey and logs, and at providers that can delete (DATA-4)."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import redis
from django.core.files.storage import storages
from django.db import connection, transaction

from messaging.models import OutboxMessage, ProviderCopy
from messaging.notices.notice import Notice
from messaging.operations.deliver import deliver_due
from messaging.operations.forget import delete_copies, forget_messages
from messaging.operations.queue_message import queue_messages
from retention.models import PurgeRun
from retention.operations.nights import start_nightly_run
from retention.operations.work import work_on_runs
from tests.cast import Cast
from tests.messaging.peers.text_service import TextService
from tests.retention.everything import MARK, canary_person, give_everything
from tests.retention.nights import is_here, own_storages, stayers
from tools.postgres import as_nobody, binary
from tools.valkey import Valkey

pytestmark = [pytest.mark.policy("DATA-4")]


def dump() -> str:
    """A dump as an administrator would make it, in which bytes are hexadecimal digits."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    host = parse_qs(parts.query).get("host", [parts.hostname or "localhost"])[0]
    command = [*as_nobody(), binary("pg_dump"), "-h", host, "-U", parts.username or "postgres"]
    command += ["-p", str(parts.port)] if parts.port else []
    said = subprocess.run([*command, connection.settings_dict["NAME"]], capture_output=True, text=True, check=True)
    return said.stdout


def says(text: str) -> bool:
    return MARK.casefold() in text.casefold() or MARK.encode().hex() in text


def everything_in(valkey: Valkey) -> str:
    client = redis.Redis.from_url(valkey.url())
    return "".join(f"{key!r} {client.dump(key)!r}" for key in client.scan_iter("*"))


@pytest.mark.django_db(transaction=True)
def test_a_dump_contains_nothing_about_a_deleted_person(
    cast: Cast, broker: Valkey, nudged: Callable[[int], list[str]], caplog: Any, settings: Any, tmp_path: Path
) -> None:
    caplog.set_level("INFO")  # the level at which the portal logs
    own_storages(settings, tmp_path)
    person = canary_person(date(2018, 6, 10))
    give_everything(person, cast)
    context = {"kept_until": "2021-07-31"}
    with transaction.atomic():
        queue_messages(
            [Notice(kind="retention.leaving", channel="email", recipient=person, dedupe_key="x", context=context)]
        )
    assert len(nudged(1)) == 1
    stayers(12)
    assert sum(map(says, dump().splitlines())) > 40
    start_nightly_run()
    work_on_runs()
    run = PurgeRun.objects.get()
    assert (run.state, run.left_over, run.problems) == ("completed", 0, [])
    assert not is_here(person)
    lines = [line for line in dump().splitlines() if says(line)]
    assert ["CV Essentials" in line for line in lines] == [True], lines  # the name of an activity, from the catalogue
    files = [path for alias in ("documents", "retention") for path in Path(storages[alias].location).rglob("*.*")]
    assert files
    assert [path for path in files if MARK.encode() in path.read_bytes()] == []
    assert not says(everything_in(broker))
    assert not says(caplog.text)


@pytest.mark.django_db
class TestCopiesAtTheProvider:
    @pytest.fixture(autouse=True)
    def _peers(self, peers: None) -> None:
        """A server that speaks Twilio's API over HTTP."""

    def forgotten(self, queue: Callable[..., OutboxMessage]) -> OutboxMessage:
        message = queue(channel="sms")
        deliver_due()
        message.refresh_from_db()
        assert message.recipient_id
        forget_messages([message.recipient_id])
        return message

    def test_a_text_is_deleted_at_the_provider_too(
        self, queue: Callable[..., OutboxMessage], text_service: TextService
    ) -> None:  # fmt: skip
        message = self.forgotten(queue)
        assert text_service.bodies
        assert ProviderCopy.objects.get().provider_id == message.provider_id
        assert delete_copies() == (1, 0)
        assert text_service.bodies == []

    def test_a_copy_that_the_provider_no_longer_has_is_settled(
        self, queue: Callable[..., OutboxMessage], text_service: TextService
    ) -> None:  # fmt: skip
        self.forgotten(queue)
        text_service.accepted.clear()
        assert delete_copies() == (1, 0)

    def test_a_provider_that_is_away_is_asked_again(
        self, queue: Callable[..., OutboxMessage], text_service: TextService
    ) -> None:  # fmt: skip
        self.forgotten(queue)
        text_service.list_fails = True
        assert delete_copies() == (0, 1)
        assert ProviderCopy.objects.get().tries == 1
        text_service.list_fails = False
        assert delete_copies() == (1, 0)
