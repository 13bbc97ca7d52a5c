"""The load generator: a few keep-alive connections in one thread, so that it takes little of what it measures."""

from __future__ import annotations

import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

CLIENTS = 8
TOO_LONG = 30.0


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: str = ""

    def wire(self) -> bytes:
        headers = {"Host": "localhost", **self.headers}
        if self.body:
            headers["Content-Length"] = str(len(self.body.encode()))
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {text}" for name, text in headers.items())]
        return ("\r\n".join(lines) + "\r\n\r\n" + self.body).encode()


@dataclass(slots=True)
class TimedAnswer:
    status: int
    seconds: float
    size: int
    head: bytes
    body: bytes


@dataclass(slots=True)
class Load:
    """What came of it. `wrong` counts answers that were not the ones expected."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    wrong: Counter[int] = field(default_factory=Counter)

    def add(self, other: Load) -> None:
        self.seconds += other.seconds
        self.waits += other.waits
        self.sizes += other.sizes
        self.wrong += other.wrong


class Connection:
    """One client: sends a request, collects its answer. Answers carry a Content-Length here."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), TOO_LONG)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent_at = 0.0
        self._buffer = bytearray()

    def send(self, wire: bytes) -> None:
        self._buffer.clear()
        self.sent_at = time.perf_counter()
        self.socket.sendall(wire)

    def receive(self) -> TimedAnswer | None:
        """None while some of it is still to come."""
        piece = self.socket.recv(262144)
        if not piece:
            raise ConnectionError("the server closed the connection")
        self._buffer += piece
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self._buffer[:end])
        length = _content_length(head)
        if len(self._buffer) < end + 4 + length:
            return None
        waited = time.perf_counter() - self.sent_at
        return TimedAnswer(int(head[9:12]), waited, length, head, bytes(self._buffer[end + 4 :]))


def _content_length(head: bytes) -> int:
    lower = head.lower()
    at = lower.find(b"\r\ncontent-length:")
    if at < 0:
        return 0
    return int(lower[at + 17 :].split(b"\r\n", 1)[0])


def drive(
    port: int, requests: Iterator[Request], right: Callable[[TimedAnswer], bool], seconds: float, clients: int = CLIENTS
) -> Load:
    """Every client sends its next request as soon as it has its answer, for so many seconds or until none is left."""
    load, started = Load(), time.perf_counter()
    with selectors.DefaultSelector() as waiting:
        for _ in range(clients):
            connection = Connection(port)
            waiting.register(connection.socket, selectors.EVENT_READ, connection)
            _send_next(connection, requests, waiting)
        while waiting.get_map():
            for key, _ in _ready(waiting):
                answer = key.data.receive()
                if answer is None:
                    continue
                if right(answer):
                    load.waits.append(answer.seconds)
                    load.sizes.append(answer.size)
                else:
                    load.wrong[answer.status] += 1
                if time.perf_counter() - started < seconds:
                    _send_next(key.data, requests, waiting)
                else:
                    _close(key.data, waiting)
    load.seconds = time.perf_counter() - started
    return load


def at_once(port: int, requests: list[Request]) -> list[TimedAnswer]:
    """One client for each request; all are connected before the first is sent."""
    clients, wires = [Connection(port) for _ in requests], [request.wire() for request in requests]
    answers: list[TimedAnswer] = []
    with selectors.DefaultSelector() as waiting:
        for client, wire in zip(clients, wires, strict=True):
            waiting.register(client.socket, selectors.EVENT_READ, client)
            client.send(wire)
        while waiting.get_map():
            for key, _ in _ready(waiting):
                if answer := key.data.receive():
                    answers.append(answer)
                    _close(key.data, waiting)
    return answers


def _ready(waiting: selectors.BaseSelector) -> list[tuple[selectors.SelectorKey, int]]:
    ready = waiting.select(TOO_LONG)
    if not ready:
        raise TimeoutError(f"no answer within {TOO_LONG:.0f} s")
    return ready


def _send_next(connection: Connection, requests: Iterator[Request], waiting: selectors.BaseSelector) -> None:
    request = next(requests, None)
    if request is None:
        _close(connection, waiting)
    else:
        connection.send(request.wire())


def _close(connection: Connection, waiting: selectors.BaseSelector) -> None:
    waiting.unregister(connection.socket)
    connection.socket.close()
