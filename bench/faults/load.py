"""Letters and texts that somebody queues all the time, people who look at pages, and what became of it all."""

from __future__ import annotations

import http.client
import itertools
import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from django.db import Error, connection, transaction
from environ import Env

from messaging.models import DeliveryState, OutboxMessage, Part
from messaging.notices.notice import Notice
from messaging.operations.queue_message import queue_messages
from messaging.selectors import heartbeats
from tests.messaging.peers.odd_mail_server import OddMailServer
from tests.messaging.peers.text_service import TextService


@dataclass
class FaultLoad:
    port: int
    mail: OddMailServer
    texts: TextService
    queued: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    stopping: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        for work in (self._write, self._look):
            threading.Thread(target=work, daemon=True).start()

    def _write(self) -> None:
        """What the database has promised is written down; what it refused never happened."""
        for number in itertools.count():
            if self.stopping.wait(0.4):
                return
            key = f"{'sms' if number % 4 == 0 else 'email'}-{secrets.token_hex(5)}"
            if queue(key):
                self.queued.append(key)

    def _look(self) -> None:
        while not self.stopping.wait(0.25):
            self.statuses[status_of(self.port, "/accounts/login/")] += 1


def queue(key: str) -> bool:
    channel = key.partition("-")[0]
    address = "reader@example.ac.uk" if channel == "email" else f"+4477009{secrets.randbelow(100_000):05d}"
    letter = Notice(kind="bench.letter", channel=channel, recipient=None, dedupe_key=key, to_address=address)
    try:
        with transaction.atomic():
            queue_messages([letter])
    except Error:
        connection.close()
        return False
    return True


def status_of(port: int, path: str) -> int:
    """0: no answer within five seconds."""
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        wire.request("GET", path)
        return wire.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        wire.close()


def silent_since(since: datetime) -> str:
    try:
        return ", ".join(sorted(set(Part.values) - {part for part, at in heartbeats().items() if at > since}))
    except Error:
        connection.close()
        return "the database"


def is_sent(keys: list[str]) -> bool:
    try:
        return OutboxMessage.objects.filter(dedupe_key__in=keys, state=DeliveryState.SENT).count() == len(keys)
    except Error:
        connection.close()
        return False


def follow(url: str) -> None:
    """A launcher that is started again has its database in another place."""
    found = {name: value for name, value in Env.db_url_config(url).items() if name in ("HOST", "PORT", "NAME")}
    host = parse_qs(urlsplit(url).query).get("host", [""])[0]
    if connection.settings_dict["OPTIONS"].get("host", connection.settings_dict["HOST"]) != (host or found["HOST"]):
        connection.close()
        connection.settings_dict.update(found)
        connection.settings_dict["OPTIONS"].pop("host", None)
        connection.settings_dict["HOST"] = host or found["HOST"]


def what_is_wrong(port: int, addresses: dict[str, str], since: datetime | None = None) -> str:
    """Empty when a page, the health pages, a stamp of each part since the fault, and a letter and a text all work."""
    if url := addresses.get("DATABASE_URL"):
        follow(url)
    for path in ("/accounts/login/", "/health/ready", "/health/work"):
        if (status := status_of(port, path)) != 200:
            return f"{path}: {status or 'no answer'}"
    if since is not None and (silent := silent_since(since)):
        return f"{silent}: not heard of since"
    keys = [f"{channel}-{secrets.token_hex(5)}" for channel in ("email", "sms")]
    until = time.monotonic() + 12
    if not all(map(queue, keys)):
        return "nothing can be queued"
    while time.monotonic() < until:
        if is_sent(keys):
            return ""
        time.sleep(0.1)
    return "messages are not sent"


@dataclass
class Fate:
    lost: int
    late: int
    emails_twice: int
    emails_oftener: int
    texts_twice: int


def outcome(load: FaultLoad, patience: float) -> Fate:
    """`lost`: not in the outbox; `late`: neither sent nor given up for a reason within so many seconds."""
    keys = list(load.queued)
    until = time.monotonic() + patience
    waiting = -1
    while time.monotonic() < until and waiting:
        try:
            rows = OutboxMessage.objects.filter(dedupe_key__in=keys)
            waiting = rows.exclude(state__in=(DeliveryState.SENT, DeliveryState.FAILED)).count()
            there = rows.count()
        except Error:
            connection.close()
        time.sleep(0.2)
    letters = Counter(load.mail.received)
    texts = Counter(text["to"] + text["body"] for text in load.texts.accepted)
    return Fate(
        lost=len(keys) - there,
        late=waiting,
        emails_twice=sum(1 for count in letters.values() if count == 2),
        emails_oftener=sum(1 for count in letters.values() if count > 2),
        texts_twice=sum(1 for count in texts.values() if count > 1),
    )
