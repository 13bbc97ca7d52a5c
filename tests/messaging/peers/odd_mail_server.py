"""A mail server that can fail at any stage: closes, refuses, hangs, is slow, drips, or breaks TLS.

Uses plain sockets and threads, because a proper server cannot misbehave like this.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

GOOD = {
    "greeting": "220 odd.example.ac.uk",
    "ehlo": "250-odd.example.ac.uk\r\n250 STARTTLS",
    "starttls": "220 Go ahead",
    "mail": "250 OK",
    "rcpt": "250 OK",
    "data": "354 Go on",
    "content": "250 Accepted",
    "rset": "250 OK",
    "quit": "221 Bye",
}
MESSAGE_ID = re.compile(rb"^Message-ID: (\S{1,200})", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Fault:
    """What happens at one stage instead of the normal answer."""

    stage: str
    answer: str = ""
    close: bool = False
    hang: bool = False
    drip_seconds: float = 0.0


class OddMailServer:
    def __init__(self) -> None:
        self.fault: Fault | None = None
        self.delay = 0.0
        self.once = False
        self.received: list[str] = []
        self.accepted: list[str] = []
        self.reached: list[str] = []
        self._released = threading.Event()
        self.port = 0
        self.open_door()

    def open_door(self) -> None:
        """Listens again on the same port after `close_door`."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._serve, args=[self._listener], daemon=True).start()

    def close_door(self) -> None:
        """Refuses connections. Shuts down first, because a thread waiting in accept would keep the port open."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def reset(self) -> None:
        self.fault, self.delay, self.once = None, 0.0, False
        for each in (self.received, self.accepted, self.reached):
            each.clear()
        self._released.set()
        self._released = threading.Event()

    def stop(self) -> None:
        self._released.set()
        self.close_door()

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                wire, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._converse, args=[wire], daemon=True).start()

    def _converse(self, wire: socket.socket) -> None:
        with contextlib.suppress(OSError), wire, wire.makefile("rb") as lines:
            if not self._answer(wire, "greeting"):
                return
            for line in lines:
                stage = line[:4].decode(errors="replace").strip().lower()
                stage = {"helo": "ehlo", "star": "starttls"}.get(stage, stage)
                if not self._answer(wire, stage):
                    return
                if stage == "quit":
                    return
                if stage == "data" and not self._take_content(wire, lines):
                    return

    def _take_content(self, wire: socket.socket, lines: Iterable[bytes]) -> bool:
        content = b""
        for line in lines:
            if line == b".\r\n":
                break
            content += line
        else:
            return False
        found = MESSAGE_ID.search(content)
        message_id = found.group(1).decode() if found else "none"
        self.received.append(message_id)
        good = self.fault is None or self.fault.stage != "content" or not self.fault.answer
        if good:
            self.accepted.append(message_id)
        return self._answer(wire, "content")

    def _answer(self, wire: socket.socket, stage: str) -> bool:
        """Returns False when the conversation is over."""
        self.reached.append(stage)
        time.sleep(self.delay)
        fault = self.fault if self.fault is not None and self.fault.stage == stage else None
        if fault is not None and self.once:
            self.fault = None
        if fault is None:
            wire.sendall(GOOD.get(stage, "500 What?").encode() + b"\r\n")
            return True
        if fault.close:
            return False
        if fault.hang:
            self._released.wait(300)
            return False
        if fault.drip_seconds:
            for byte in b"250-" + b"x" * 100_000:
                if self._released.wait(fault.drip_seconds):
                    return False
                wire.sendall(bytes([byte]))
        wire.sendall(fault.answer.encode() + b"\r\n")
        return not fault.answer.startswith("421")
