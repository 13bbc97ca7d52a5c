"""What others feel while eight clients send the worst that strangers can send: the page of health, and a booking.

Eight busy clients are felt whatever they send, so the same eight send something ordinary of the same kind by turns.
"""

from __future__ import annotations

import http.client
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from bench.figures import Goal
from bench.keys import CSRF, session_key, token
from bench.load import CLIENTS, Load, Request, TimedAnswer, drive
from bench.scenarios import Scenarios
from bench.servers import Web
from bench.uploads import DOCX, PDF, pages

PAUSE_SECONDS, TURNS, MOST = 0.25, 6, 1.2
LIVE_SECONDS, BOOKING_SECONDS = 1.5, 1.5
BOUNDARY = "bench-boundary"
Kind = tuple[int, Callable[[int], bytes]]


@dataclass(frozen=True, slots=True)
class Attack:
    method: str
    path: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AttackFigure:
    """p95 in ms: beside eight clients that send something ordinary, and beside eight that send the worst."""

    name: str
    sent: int
    live: tuple[float, float]
    booking: tuple[float, float]

    @property
    def times(self) -> tuple[float, float]:
        return self.live[1] / self.live[0], self.booking[1] / self.booking[0]


def attacks() -> dict[str, tuple[Attack, Attack]]:
    """The ordinary one and the worst of each kind."""
    signed_in = (("Cookie", f"sessionid={session_key('reader', 1)}; csrftoken={CSRF}"),)
    form = (("Content-Type", "application/x-www-form-urlencoded"), ("Cookie", f"csrftoken={CSRF}"))
    as_program = (("Authorization", f"Token {token('reader', 1)}"), ("Content-Type", "application/json"))
    nowhere, one_field = Attack("GET", "/nowhere"), Attack("POST", "/accounts/login/", b"a=1", form)
    return {
        "a path of 60,000 letters": (nowhere, Attack("GET", "/" + "a" * 60_000)),
        "a path of 2,000 letters": (nowhere, Attack("GET", "/" + "a" * 2_000)),
        "a query of question marks": (nowhere, Attack("GET", "/nowhere?" + "a?" * 900)),
        "a PDF of “stream” lines": _uploads("cv.pdf", PDF["PDF: lines of “stream”"], signed_in),
        "a DOCX of templates": _uploads("cv.docx", DOCX["DOCX: templates"], signed_in),
        "JSON in JSON": (Attack("POST", "/api/v1/bookings/", b"{}", as_program),
                         Attack("POST", "/api/v1/bookings/", b"[" * 60_000, as_program)),
        "a name of 50,000 letters": (_login("x", form), _login("x" * 50_000, form)),
        "a form of 20,000 fields": (one_field, Attack("POST", "/accounts/login/", b"&a=1" * 20_000, form)),
    }  # fmt: skip


def _login(said: str, headers: tuple[tuple[str, str], ...]) -> Attack:
    body = urlencode({"csrfmiddlewaretoken": CSRF, "login": said, "password": said}).encode()
    return Attack("POST", "/accounts/login/", body, headers)


def _uploads(filename: str, kind: Kind, headers: tuple[tuple[str, str], ...]) -> tuple[Attack, Attack]:
    """An ordinary PDF of as many bytes, and the worst of its kind."""
    size, made = kind
    worst = made(size)
    return _upload("cv.pdf", pages() + b"\n%" + b"x" * len(worst), headers), _upload(filename, worst, headers)


def _upload(filename: str, content: bytes, headers: tuple[tuple[str, str], ...]) -> Attack:
    fields = {"csrfmiddlewaretoken": CSRF.encode(), "kind": b"cv", f'file"; filename="{filename}': content}
    start = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    body = b"".join(f'{start}"{name}"\r\n\r\n'.encode() + said + b"\r\n" for name, said in fields.items())
    multipart = (*headers, ("Content-Type", f"multipart/form-data; boundary={BOUNDARY}"))
    return Attack("POST", "/documents/new/", body + f"--{BOUNDARY}--\r\n".encode(), multipart)


@contextmanager
def under(attack: Attack, port: int) -> Iterator[list[int]]:
    """Eight threads send it, again and again; the statuses of the answers."""
    over, statuses = threading.Event(), list[int]()
    senders = [threading.Thread(target=_send, args=(attack, port, over, statuses)) for _ in range(CLIENTS)]
    for each in senders:
        each.start()
    try:
        yield statuses
    finally:
        over.set()
        for each in senders:
            each.join()


def _send(attack: Attack, port: int, over: threading.Event, statuses: list[int]) -> None:
    while not over.wait(PAUSE_SECONDS):
        wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        with suppress(OSError, http.client.HTTPException):
            wire.request(attack.method, attack.path, attack.body or None, dict(attack.headers))
            answer = wire.getresponse()
            answer.read()
            statuses.append(answer.status)
        wire.close()


def measure_attacks(web: Web, asked: Scenarios) -> list[AttackFigure]:
    bookings = asked.page_bookings()
    _probe(web, bookings)  # the first answers of a new server are slow
    found = []
    for name, pair in attacks().items():
        waits, sent = [(Load(), Load()), (Load(), Load())], 0
        for turn in range(2 * TURNS):
            with under(pair[turn % 2], web.port) as statuses:
                for kept, load in zip(waits[turn % 2], _probe(web, bookings), strict=True):
                    kept.add(load)
            sent += len(statuses) * (turn % 2)
        (live, booking), (live_beside, booking_beside) = waits
        found.append(AttackFigure(name, sent, (_p95(live), _p95(live_beside)), (_p95(booking), _p95(booking_beside))))
        print(f"    {attack_words(found[-1])}", flush=True)
    return found


def _probe(web: Web, bookings: Iterator[Request]) -> tuple[Load, Load]:
    live = itertools.repeat(Request("GET", "/health/live", {}))
    return (
        drive(web.port, _paced(live, 0.01), lambda answer: answer.status == 200, LIVE_SECONDS, clients=1),
        drive(web.port, _paced(bookings, 0.03), _booked, BOOKING_SECONDS, clients=1),
    )


def _paced(requests: Iterator[Request], pause: float) -> Iterator[Request]:
    for request in requests:
        time.sleep(pause)
        yield request


def _booked(answer: TimedAnswer) -> bool:
    return answer.status == 302 and b"/booked/" in answer.head


def _p95(load: Load) -> float:
    if not load.waits:
        raise RuntimeError("Nothing was answered as it should be: are there free times left to book?")
    waits = sorted(load.waits)
    return 1000 * waits[int(0.95 * (len(waits) - 1))]


def attack_words(each: AttackFigure) -> str:
    live, booking = each.times
    return (
        f"beside {each.name} ({each.sent} sent): /health/live p95 {each.live[0]:.1f} → {each.live[1]:.1f} ms "
        f"({live:.2f} ×), a booking {each.booking[0]:.1f} → {each.booking[1]:.1f} ms ({booking:.2f} ×)"
    )


def attack_goals(found: list[AttackFigure]) -> list[Goal]:
    return [Goal(f"{attack_words(each)}; at most {MOST} ×", max(each.times) <= MOST) for each in found]


def as_dicts(found: list[AttackFigure]) -> list[dict[str, object]]:
    return [asdict(each) for each in found]
