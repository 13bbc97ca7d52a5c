"""A real SMTP server for tests, on a free port, that can refuse, fail and hang at DATA."""

from __future__ import annotations

import asyncio
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tools.valkey import free_port


class MailServer:
    def __init__(self) -> None:
        self.accepted: list[EmailMessage] = []
        self.answer_to_recipient = ""
        self.answer_to_data = ""
        self.hanging = threading.Event()
        self.released = threading.Event()
        self.reset()
        self._controller = Controller(cast(Any, self), hostname="127.0.0.1", port=free_port())

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self.released.set()
        self._controller.stop()

    @property
    def port(self) -> int:
        return self._controller.port

    def reset(self) -> None:
        self.accepted.clear()
        self.answer_to_recipient = self.answer_to_data = ""
        self.hanging.clear()
        self.released.set()

    def hang_at_data(self) -> None:
        self.released.clear()

    @property
    def message_ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.accepted]

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if self.answer_to_recipient:
            return self.answer_to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answer_to_data:
            return self.answer_to_data
        if not self.released.is_set():
            self.hanging.set()
            while not self.released.is_set():
                await asyncio.sleep(0.01)
            return "451 Interrupted"
        content = cast(bytes, envelope.content)
        self.accepted.append(cast(EmailMessage, message_from_bytes(content, policy=policy.default)))
        return "250 Accepted"
