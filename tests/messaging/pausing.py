"""Lets a test pause a worker between any two steps of a delivery, by a file in a folder of the test's.

Only the tests' compose function and providers pause here; the product's code does not know of it.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from messaging.models import OutboxMessage
from messaging.providers.email import MailProvider
from messaging.providers.provider import Sent
from messaging.providers.sms import TwilioProvider
from messaging.rules.kinds import Composed


def pause_at(step: str) -> None:
    folder = os.environ.get("TEST_PAUSES")
    if not folder:
        return
    (Path(folder) / "busy").write_text(str(os.getpid()))
    if not (Path(folder) / step).exists():
        return
    (Path(folder) / "reached").write_text(str(os.getpid()))
    while (Path(folder) / step).exists():
        time.sleep(0.02)


def compose_letter(message: OutboxMessage) -> Composed:
    pause_at("composing")
    return Composed(f"Letter {message.dedupe_key}", f"Dear reader, this is {message.dedupe_key}.\n")


class PausingMail(MailProvider):
    def send(self, message: OutboxMessage, composed: Composed) -> Sent:
        pause_at("handed-over")
        sent = super().send(message, composed)
        pause_at("accepted")
        return sent


class PausingTwilio(TwilioProvider):
    def send(self, message: OutboxMessage, composed: Composed) -> Sent:
        pause_at("handed-over")
        sent = super().send(message, composed)
        pause_at("accepted")
        return sent
