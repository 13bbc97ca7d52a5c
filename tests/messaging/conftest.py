from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis
from django.db import connection, transaction

from accounts.models import Role, User
from careerconnect.celery import app as celery_app
from messaging.models import OutboxMessage
from messaging.notices.notice import Notice
from messaging.operations.queue_message import queue_messages
from messaging.rules.kinds import Composed, register_kind
from tests.messaging.pausing import compose_letter
from tests.messaging.peers.mail_server import MailServer
from tests.messaging.peers.text_service import ACCOUNT, TextService
from tools.valkey import Valkey

MOBILE = "+447700900123"

register_kind("tests.letter", compose_letter)


@pytest.fixture
def reader(db: None) -> User:
    return User.objects.create_user(
        "reader@example.ac.uk", given_name="Rea", family_name="Der", phone=MOBILE, roles=[Role.STUDENT]
    )


@pytest.fixture
def notice(reader: User) -> Callable[..., Notice]:
    numbers = itertools.count(1)

    def build(**changes: Any) -> Notice:
        defaults = {
            "kind": "tests.letter",
            "channel": "email",
            "recipient": reader,
            "dedupe_key": f"letter-{next(numbers)}",
        }
        return Notice(**{**defaults, **changes})

    return build


@pytest.fixture
def queue(notice: Callable[..., Notice]) -> Callable[..., OutboxMessage]:
    """Queues one message and commits it (as far as the test's own transaction allows)."""

    def write(**changes: Any) -> OutboxMessage:
        with transaction.atomic():
            (message,) = queue_messages([notice(**changes)])
        return OutboxMessage.objects.get(public_id=message.public_id)

    return write


@pytest.fixture
def kind() -> Callable[..., str]:
    def register(compose: Callable[[OutboxMessage], Any], **options: Any) -> str:
        register_kind("tests.other", compose, **options)
        return "tests.other"

    return register


@pytest.fixture
def composing(kind: Callable[..., str]) -> Callable[..., str]:
    return lambda composed: kind(lambda message: composed)


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def text_service() -> Iterator[TextService]:
    service = TextService()
    service.start()
    yield service
    service.stop()


@pytest.fixture
def peers(settings: Any, mail_server: MailServer, text_service: TextService) -> None:
    """Real providers in this process, connected to the test servers."""
    mail_server.reset()
    text_service.reset()
    settings.MESSAGING_PROVIDERS = {
        "email": "messaging.providers.email.MailProvider",
        "sms": "messaging.providers.sms.TwilioProvider",
    }
    settings.MESSAGING_EMAIL_CONNECTION = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", mail_server.port, 5
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = ACCOUNT, "token"
    settings.TWILIO_FROM, settings.TWILIO_BASE_URL = "+447700900001", text_service.url


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """A Valkey for this module. This process publishes to it, whatever the environment says."""
    folder = tmp_path_factory.mktemp("broker")
    valkey = Valkey(folder / "data", log=folder / "log", throw_away=True)
    valkey.start()
    before = celery_app.conf.broker_url
    publish_to(valkey.url())
    yield valkey
    publish_to(before)
    valkey.stop()


@pytest.fixture(scope="module")
def worker(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
    broker: Valkey,
    mail_server: MailServer,
    text_service: TextService,
) -> Iterator[Worker]:
    """A worker for this module, with its `WORKER_OPTIONS`; `-B` for a beat of its own."""
    folder = tmp_path_factory.mktemp("worker")
    options = ("-s", str(folder / "beat"), *getattr(request.module, "WORKER_OPTIONS", ()))
    with django_db_blocker.unblock():
        worker = Worker(folder, broker.url(), mail_server, text_service, *options)
    worker.start()
    yield worker
    worker.kill()


def publish_to(url: str) -> None:
    celery_app.conf.broker_url = url
    celery_app._pool = None
    celery_app.amqp._producer_pool = None


@pytest.fixture
def nudged(broker: Valkey, settings: Any) -> Callable[[int], list[str]]:
    """The ids waiting in the broker, once there are as many as expected (or, for none, after a moment)."""
    settings.MESSAGING_NUDGE = True
    client = redis.Redis.from_url(broker.url())
    client.flushall()

    def read(expected: int) -> list[str]:
        if expected:
            eventually(lambda: client.llen("celery") >= expected)
        else:
            time.sleep(0.1)
        waiting = [json.loads(raw) for raw in client.lrange("celery", 0, -1)]
        return [id for hint in reversed(waiting) for id in json.loads(base64.b64decode(hint["body"]))[0][0]]

    return read


class Worker:
    """A real `celery worker`, with a mail server and a text service for tests."""

    def __init__(self, folder: Path, broker_url: str, mail: MailServer, texts: TextService, *options: str) -> None:
        self.folder, self.options = folder, options
        self.log, self.pauses = folder / "worker.log", folder / "pauses"
        self.pauses.mkdir(exist_ok=True)
        database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.messaging.worker_settings",
            "DATABASE_URL": database.geturl(),
            "REDIS_URL": broker_url,
            "TEST_PAUSES": str(self.pauses),
            "TEST_MAIL_PORT": str(mail.port),
            "TEST_TEXT_URL": texts.url,
        }

    def start(self) -> None:
        before = self._readiness()
        command = [sys.executable, "-m", "celery", "-A", "tests.messaging.worker_app", "worker", "-c", "3"]
        command += ["-l", "INFO", "--without-gossip", "--without-mingle", *self.options]
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                command, env=self.environment, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
            )
        try:
            eventually(
                lambda: self._readiness() > before or self.process.poll() is not None,
                20,
                lambda: self.log.read_text()[-3000:],
            )
            assert self.process.poll() is None, self.log.read_text()[-3000:]
        except AssertionError:
            self.kill()
            raise

    def _readiness(self) -> int:
        return self.log.read_text().count(" ready.") if self.log.exists() else 0

    def kill(self) -> None:
        """Kills all processes at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def pause(self, step: str) -> None:
        (self.pauses / "reached").unlink(missing_ok=True)
        (self.pauses / step).touch()

    def paused_process(self) -> int:
        reached = self.pauses / "reached"
        eventually(lambda: reached.exists() and bool(reached.read_text()), 10, lambda: self.log.read_text()[-3000:])
        return int(reached.read_text())

    def busy_process(self) -> int:
        """The pool process that called a provider last."""
        return int((self.pauses / "busy").read_text())

    def resume(self) -> None:
        for step in self.pauses.iterdir():
            step.unlink()


def eventually(happened: Callable[[], object], seconds: float = 10, explain: Callable[[], str] = str) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if happened():
            return
        time.sleep(0.03)
    raise AssertionError(f"It did not happen within {seconds} s. {explain()}")


@pytest.fixture
def plain_letter(composing: Callable[..., str]) -> str:
    return composing(Composed("A letter", "Dear reader.\n"))
