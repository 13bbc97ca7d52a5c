"""SMTP with one deadline for the whole conversation, however slowly the server answers or reads."""

import contextlib
import smtplib
import socket
import threading
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend


class Deadline:
    """Shuts down the connection when the time is up, so that any pending read, write or TLS handshake fails at once.

    A socket timeout would start again with every byte. The socket is a duplicate, because TLS takes over the original.
    """

    def __init__(self, seconds: float) -> None:
        self.ends = monotonic() + seconds
        self._timer: threading.Timer | None = None
        self._wire: socket.socket | None = None

    @property
    def left(self) -> float:
        return self.ends - monotonic()

    def watch(self, wire: socket.socket) -> None:
        self.forget()
        self._wire = wire.dup()
        self._wind()

    def shorten(self, seconds: float) -> None:
        self.ends = min(self.ends, monotonic() + seconds)
        self._wind()

    def forget(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._wire is not None:
            self._wire.close()
        self._timer = self._wire = None

    def _wind(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._wire is not None:
            self._timer = threading.Timer(max(self.left, 0.0), _shut_down, [self._wire])
            self._timer.daemon = True
            self._timer.start()


def _shut_down(wire: socket.socket) -> None:
    with contextlib.suppress(OSError):  # already closed
        wire.shutdown(socket.SHUT_RDWR)


class TimedSMTP(smtplib.SMTP):
    def __init__(self, *args: Any, deadline: Deadline, before_content: Callable[[], None], **more: Any) -> None:
        self.deadline, self.before_content = deadline, before_content
        self.content_left = False
        super().__init__(*args, **more)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        if self.deadline.left <= 0:
            raise TimeoutError("no time was left to connect")
        wire: socket.socket = super()._get_socket(host, port, min(timeout, self.deadline.left))  # type: ignore[misc]  # missing from the stubs
        self.deadline.watch(wire)
        return wire

    def send(self, s: Any) -> None:
        """smtplib sends commands as str and the message's content as bytes."""
        if isinstance(s, bytes) and not self.content_left:
            self.before_content()
            self.content_left = True
        super().send(s)


class TimedSMTPSSL(smtplib.SMTP_SSL, TimedSMTP):
    pass


class SmtpConversation(EmailBackend):
    """Django's backend for one message. It knows whether the content was sent, and closes in a step of its own."""

    def __init__(self, *, before_content: Callable[[], None]) -> None:
        super().__init__(timeout=settings.EMAIL_TIMEOUT)
        self.deadline = Deadline(settings.MESSAGING_EMAIL_DEADLINE)
        self.before_content = before_content

    @property
    def connection_class(self) -> Any:
        kind = TimedSMTPSSL if self.use_ssl else TimedSMTP
        return partial(kind, deadline=self.deadline, before_content=self.before_content)

    @property
    def content_left(self) -> bool:
        return bool(getattr(self.connection, "content_left", False))

    def say_goodbye(self) -> None:
        """Sends QUIT with a short deadline. Ignores the answer: the answer to the content decided the outcome."""
        self.deadline.shorten(settings.MESSAGING_EMAIL_GOODBYE)
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self.close()
        self.deadline.forget()
