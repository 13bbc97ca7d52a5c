"""What is asked for, as the requests of those who ask. Booking takes a new student and time each time."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import psycopg2

from bench.events import registrations
from bench.keys import CSRF, HELP, TOPIC, BenchVisitors, session_key, token
from bench.load import Request, TimedAnswer
from bench.servers import BARE, PORTAL

RACE = 50


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    title: str
    app: str
    requests: Callable[[], Iterator[Request]]
    right: Callable[[TimedAnswer], bool]
    books: bool = False


class Scenarios:
    """The requests of one database's visitors. Times and students that were used are not used again."""

    def __init__(self, url: str, advisers: int, students: int, today: date) -> None:
        self.many = BenchVisitors.among(advisers, students)
        self.week = today - timedelta(days=today.weekday()) + timedelta(days=7)
        connection = psycopg2.connect(url, options="-c timezone=UTC")
        with connection.cursor() as cursor:
            self.ids = _ids(cursor)
            self.typed = _typed(cursor)
            self.slots = _free_slots(cursor, self.week + timedelta(days=7))
        connection.close()
        self.bookers = iter(range(self.many.bookers))
        self.callers = iter(range(self.many.callers))
        self.bare_turns = itertools.count()
        self.registering = registrations(self.many.callers)

    def scenarios(self) -> list[Scenario]:
        read = Scenario
        week = {"from": str(self.week), "to": str(self.week + timedelta(days=6)), "type": "guidance"}
        return [
            read("bare-page", "bare Django: a page", BARE, lambda: self.pages("/page/", "bare"), _ok),
            read("bare-post", "bare Django: the writes", BARE, self.bare_posts, _redirects_to(b"/booked/"), True),
            read("book-page", "booking, page", PORTAL, self.page_bookings, _redirects_to(b"/booked/"), True),
            read("book-api", "booking, API", PORTAL, self.api_bookings, _created, True),
            read("times-page", "free times, page", PORTAL, self.times_pages, _ok),
            read("times-api", "free times, API", PORTAL, lambda: self.calls("/api/v1/free-times/", week), _ok),
            read("home", "student's home", PORTAL, lambda: self.pages("/", "reader"), _ok),
            read("diary", "adviser's week", PORTAL, self.diaries, _ok),
            read("people", "people search", PORTAL, self.searches, _ok),
            read("event-register", "registering, API", PORTAL, lambda: self.registering, _created),
            read("events-page", "list of events", PORTAL, lambda: self.pages("/events/", "reader"), _ok),
        ]

    def pages(self, path: str, kind: str) -> Iterator[Request]:
        for number in itertools.cycle(range(self.many.readers)):
            yield Request("GET", path, _cookie(kind, number))

    def times_pages(self, slug: str = "guidance") -> Iterator[Request]:
        return self.pages(f"/book/{slug}/?day={self.week}", "reader")

    def diaries(self) -> Iterator[Request]:
        for number in itertools.cycle(range(self.many.advisers)):
            yield Request("GET", f"/staff/diary/?week={self.week}", _cookie("adviser", number))

    def searches(self) -> Iterator[Request]:
        """As people type: a name in either order, its beginning, mistyped, part of a number, a telephone, an email."""
        typed = itertools.cycle(self.typed)
        for number in itertools.cycle(range(self.many.advisers)):
            yield Request("GET", f"/staff/students/?{urlencode({'q': next(typed)})}", _cookie("adviser", number))

    def calls(self, path: str, asked: dict[str, str]) -> Iterator[Request]:
        for number in itertools.cycle(range(self.many.readers)):
            headers = {"Authorization": f"Token {token('reader', number)}"}
            yield Request("GET", f"{path}?{urlencode(asked)}", headers)

    def bare_posts(self) -> Iterator[Request]:
        """Nobody publishes time for the bare app: it books far ahead, each adviser's slots in turn."""
        first = datetime.fromisoformat(f"{self.week.year + 2}-01-01T09:00:00+00:00")
        for turn in self.bare_turns:
            starts = first + timedelta(minutes=40) * (turn // self.many.advisers)
            adviser = 1 + turn % self.many.advisers
            said = {
                "csrfmiddlewaretoken": CSRF,
                "start": starts.isoformat(),
                "adviser": adviser,
                "type": self.ids["type"],
                "policies": self.ids["policies"],
                "location": self.ids["rooms"][adviser],
                "help_wanted": HELP,
            }
            yield _form("/book/", said, _cookie("booker", turn % self.many.bookers))

    def page_bookings(self) -> Iterator[Request]:
        for slot, number in zip(self.slots, self.bookers, strict=False):
            yield self._page_booking(slot, number)

    def _page_booking(self, slot: dict[str, str], number: int) -> Request:
        """What the page “Check” sends when everything is right; its session holds the draft that the steps left."""
        said = {
            "csrfmiddlewaretoken": CSRF,
            "topic": TOPIC,
            "help_wanted": HELP,
            "access_needs": "",
            "key": f"bench-{number}",
        }
        return _form(f"/book/guidance/confirm/?{urlencode(slot)}", said, _cookie("booker", number))

    def api_bookings(self) -> Iterator[Request]:
        for slot, number in zip(self.slots, self.callers, strict=False):
            said = {"type": "guidance", **slot, "topic": TOPIC, "help_wanted": HELP}
            headers = {
                "Authorization": f"Token {token('caller', number)}",
                "Idempotency-Key": f"bench-{number}",
                "Content-Type": "application/json",
            }
            yield Request("POST", "/api/v1/bookings/", headers, json.dumps(said))

    def race(self) -> list[Request]:
        """So many students, one time."""
        slot = next(self.slots)
        return [self._page_booking(slot, number) for number in itertools.islice(self.bookers, RACE)]


def _ids(cursor: Any) -> dict[str, Any]:
    cursor.execute("SELECT id FROM appointments_appointmenttype WHERE slug = 'guidance'")
    ids: dict[str, Any] = {"type": cursor.fetchone()[0]}
    cursor.execute("SELECT id FROM eligibility_allocationpolicy WHERE slug IN ('semester', 'fortnight')")
    ids["policies"] = " ".join(str(pk) for (pk,) in cursor.fetchall())
    cursor.execute("SELECT substr(name, 6)::int, id FROM appointments_location WHERE name LIKE 'Room %'")
    ids["rooms"] = dict(cursor.fetchall())
    return ids


def _free_slots(cursor: Any, first: date) -> Iterator[dict[str, str]]:
    """Free times in the adviser's own room, well mixed; the week that is read stays as it is."""
    cursor.execute(
        """
        SELECT starts, adviser.public_id, room.public_id
        FROM appointments_diaryblock block
        JOIN accounts_user adviser ON adviser.id = block.adviser_id
        JOIN appointments_location room ON room.name = 'Room ' || adviser.id
        CROSS JOIN LATERAL generate_series(lower(block.during), upper(block.during) - interval '30 minutes',
                                           interval '40 minutes') starts
        WHERE block.local_date >= %s AND NOT EXISTS (
          SELECT FROM appointments_booking taken
          WHERE taken.adviser_id = block.adviser_id AND taken.local_date = block.local_date
            AND taken.occupies @> starts AND taken.status = 'booked')
        ORDER BY md5(starts::text || adviser.public_id)
        """,
        [first],
    )
    found = [
        {"start": f"{starts:%Y-%m-%dT%H:%M:%S}Z", "adviser": adviser, "mode": "in_person", "location": room}
        for starts, adviser, room in cursor.fetchall()
    ]
    return iter(found)


def _typed(cursor: Any) -> list[str]:
    """Of people all over the table, one kind of search after another."""
    cursor.execute(
        "SELECT given_name, family_name, university_id, phone, email FROM accounts_user"
        " WHERE roles = '{student}' ORDER BY md5(public_id) LIMIT 210"
    )
    kinds: tuple[Callable[[str, str, str, str, str], str], ...] = (
        lambda given, family, *_: f"{given} {family}",
        lambda given, family, *_: f"{family}, {given[:2]}",
        lambda given, family, *_: family[:5],
        lambda given, family, *_: f"{given} {family[:3]}{family[2:]}",
        lambda given, family, number, *_: number[-6:],
        lambda given, family, number, phone, *_: f"0{phone[3:7]} {phone[7:]}",
        lambda given, family, number, phone, email: email.upper(),
    )
    return [kinds[place % len(kinds)](*person) for place, person in enumerate(cursor.fetchall())]


def _cookie(kind: str, number: int) -> dict[str, str]:
    return {"Cookie": f"sessionid={session_key(kind, number)}; csrftoken={CSRF}"}


def _form(path: str, said: dict[str, Any], headers: dict[str, str]) -> Request:
    return Request("POST", path, {**headers, "Content-Type": "application/x-www-form-urlencoded"}, urlencode(said))


def _ok(answer: TimedAnswer) -> bool:
    return answer.status == 200


def _created(answer: TimedAnswer) -> bool:
    return answer.status == 201


def _redirects_to(place: bytes) -> Callable[[TimedAnswer], bool]:
    """Booked: the answer leads to the booking, not to the sign-in page or back."""

    def right(answer: TimedAnswer) -> bool:
        return answer.status == 302 and place in answer.head.split(b"ocation:", 1)[-1].split(b"\r\n")[0]

    return right
