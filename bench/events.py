"""Events: ten thousand of them with a million registrations, five hundred people for a hundred places.

The same rows, with the same lock, are also inserted straight into PostgreSQL: so much of the time is the database's.
"""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import psycopg2

from bench.databases import NUMBERED, execute
from bench.figures import Figure, Goal
from bench.keys import BenchVisitors, token
from bench.load import Request, at_once
from bench.servers import Web

EVENTS, REGISTRATIONS, AHEAD, OPEN = 10_000, 1_000_000, 200, 20
PLACES, CLIENTS = 100, 500
RATE_SHARE, PAGE_FACTOR, RACE_FACTOR = 0.5, 2.0, 3.0
DIRECT_CLIENTS = 8

TYPE = """
INSERT INTO events_eventtype (public_id, slug, name, is_employer_led, late_after_minutes, partial_percent, colour,
                              "order", is_offered)
VALUES ('evtype000000', 'talk', 'Talk', false, 10, 50, 0, 0, true)
"""
ROWS = """
INSERT INTO events_event (public_id, type_id, title, summary, description, during, local_date,
    places_in_person, online_link, is_employer_led, shares_with_employers, state, told_reason, sequence, created_by_id,
    created_at, published_at)
SELECT pg_temp.public_id(%(kind)s, n), (SELECT id FROM events_eventtype), 'Careers in subject ' || n,
       'What people do who studied it.', '', tstzrange(starts, starts + interval '1 hour'), starts::date,
       %(places)s, '', false, false, 'published', '', 0, 1, now(), now()
FROM generate_series(1, %(events)s) n,
     LATERAL (SELECT date_trunc('day', now()) + interval '17 hours'
                     + (n - %(events)s + %(ahead)s) * interval '6 hours' AS starts) dated
"""
SESSIONS = """
INSERT INTO events_eventsession (public_id, event_id, title, during, venue)
SELECT CASE left(public_id, 1) WHEN 'e' THEN 's' ELSE 't' END || substr(public_id, 2), id, '', during,
       '1 Example Street'
FROM events_event
"""
REGISTERED = """
INSERT INTO events_registration (public_id, event_id, student_id, mode, seat, status, shares_with_employers,
    registered_at, registered_by_id, override_reason, ended_at, told_reason, is_late, is_counted, sequence)
SELECT pg_temp.public_id('r', n), event.id, student, 'in_person', 1 + n / %(events)s,
       CASE WHEN upper(event.during) < now() THEN 'attended' ELSE 'registered' END, false, now(), student, '',
       CASE WHEN upper(event.during) < now() THEN upper(event.during) END, '', false, false, 0
FROM generate_series(0, %(registrations)s - 1) n
JOIN events_event event ON event.public_id = pg_temp.public_id('e', 1 + n %% %(events)s),
     LATERAL (SELECT %(first)s + (n / %(events)s * 431 + n %% %(events)s * 7) %% %(students)s AS student) person
"""
"""A hundred different students for each event, none of those who register during the benchmark."""

RACED = """
INSERT INTO events_event (public_id, type_id, title, summary, description, during, local_date,
    places_in_person, online_link, is_employer_led, shares_with_employers, state, told_reason, sequence, created_by_id,
    created_at, published_at)
SELECT %(id)s, (SELECT id FROM events_eventtype), 'Raced', 'Raced', '',
       tstzrange(starts, starts + interval '1 hour'), starts::date, %(places)s, '', false, false, 'published', '', 0, 1,
       now(), now()
FROM (SELECT date_trunc('day', now()) + interval '1 year' + %(day)s * interval '1 day' AS starts) dated
RETURNING id
"""
PLACE = """
INSERT INTO events_registration (public_id, event_id, student_id, mode, seat, status, shares_with_employers,
    registered_at, registered_by_id, override_reason, told_reason, is_late, is_counted, sequence)
VALUES (%(id)s, %(event)s, %(student)s, 'in_person', %(seat)s, 'registered', false, now(), %(student)s, '', '', false,
        false, 0)
"""
WAITING = """
INSERT INTO eligibility_waitingentry (public_id, student_id, source_kind, source_id, lane, number, state, joined_at)
VALUES (%(id)s, %(student)s, 'event', %(source)s, 'in_person', %(number)s, 'waiting', now())
"""
AUDIT = """
INSERT INTO accounts_auditentry (at, actor_id, action, subject, subject_id, student_id, details)
VALUES (clock_timestamp(), %(student)s, 'registered', 'registration', %(id)s, %(student)s, '{}')
"""
MESSAGE = """
INSERT INTO messaging_outboxmessage (public_id, kind, channel, purpose, recipient_id, to_address, context, regarding,
    dedupe_key, not_before, state, try_at, attempts, strikes, provider, provider_id, reason, subject, body_text,
    body_html, attachments, message_id, created_at)
SELECT %(id)s || letter, kind, channel, 'service', %(student)s, '', '{}', %(id)s, kind || %(id)s, now(), 'queued',
       now(), 0, 0, '', '', '', '', '', '', '[]', '', now()
FROM (VALUES ('a', 'registered', 'email'), ('b', 'reminder', 'email'), ('c', 'text', 'sms'))
  words (letter, kind, channel)
"""


@dataclass(slots=True)
class EventRaces:
    """Seconds are of all rounds together; `wrong` are rounds without exactly the places, or with a gap in the list."""

    rounds: int = 0
    seconds: float = 0.0
    direct_seconds: float = 0.0
    failures: int = 0
    wrong: int = 0


def fill_events(url: str, advisers: int, students: int) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        insert_events(cursor, advisers, students, EVENTS, REGISTRATIONS)
        cursor.execute("VACUUM ANALYZE events_event, events_eventsession, events_registration")
    connection.close()


def insert_events(cursor: Any, advisers: int, students: int, events: int, registrations: int) -> None:
    """Registers students from the middle of the list, who neither read nor register during the benchmark."""
    many = BenchVisitors.among(advisers, students)
    first = advisers + 1 + many.bookers + many.callers
    numbers = {
        "events": events,
        "registrations": registrations,
        "ahead": min(AHEAD, events),
        "places": 150,
        "kind": "e",
    }
    for statement in (NUMBERED, TYPE):
        cursor.execute(statement)
    cursor.execute(ROWS, numbers)
    cursor.execute(ROWS, {**numbers, "events": OPEN, "ahead": OPEN, "places": 1_000_000, "kind": "h"})
    cursor.execute(SESSIONS)
    cursor.execute(REGISTERED, {**numbers, "first": first, "students": max(students - many.readers - first, 1)})


def open_events() -> list[str]:
    """Events with room for everybody."""
    return [public_id("h", number) for number in range(1, OPEN + 1)]


def public_id(kind: str, number: int) -> str:
    """As `NUMBERED` makes them in the database."""
    return kind + f"{number:011x}".translate(str.maketrans("01", "yz"))


def registrations(callers: int) -> Iterator[Request]:
    """Every caller once for each event; the events in turn, as booking takes advisers in turn."""
    events = open_events()
    for turn in range(len(events) * callers):
        event, number = events[turn % len(events)], (turn + turn // callers) % callers
        yield _registers(event, number, f"{event}-{number}")


def race_events(web: Web, url: str, advisers: int, students: int, rounds: int) -> EventRaces:
    """Five hundred people at once; whoever finds it full joins the waiting list."""
    found, many = EventRaces(), BenchVisitors.among(advisers, students)
    first = advisers + 1 + many.bookers
    people = itertools.cycle(range(many.callers))
    for number in range(rounds):
        event = public_id("f", number)
        key = _event(url, event, number)
        who = [next(people) for _ in range(CLIENTS)]
        began = time.perf_counter()
        answers = at_once(web.port, [_registers(event, each, f"race-{number}-{each}") for each in who])
        inside = _registered(url, key)
        late = [each for each in who if first + each not in inside]
        waits = at_once(web.port, [_waits(event, each, f"wait-{number}-{each}") for each in late])
        found.seconds += time.perf_counter() - began
        found.rounds += 1
        found.failures += sum(answer.status >= 500 for answer in [*answers, *waits])
        found.wrong += not _is_exact(url, key, event)
        found.direct_seconds += _directly(url, number)
    return found


def event_goals(figures: dict[str, Figure], races: EventRaces | None) -> list[Goal]:
    reached = []
    if races and races.rounds:
        exact = not races.wrong and not races.failures
        said = f"{CLIENTS} for {PLACES} places, {races.rounds} rounds: {races.wrong} wrong, {races.failures} failures"
        reached.append(Goal(said, exact))
        times = races.seconds / races.direct_seconds
        reached.append(Goal(f"that takes {times:.2f} times straight SQL (goal {RACE_FACTOR:g})", times <= RACE_FACTOR))
    if "event-register" in figures and "bare-post" in figures:
        share = figures["event-register"].rate / figures["bare-post"].rate
        reached.append(Goal(f"registering: {share:.0%} of the bare POST (goal {RATE_SHARE:.0%})", share >= RATE_SHARE))
    if "events-page" in figures and "bare-page" in figures:
        times = figures["events-page"].p95 / figures["bare-page"].p95
        reached.append(Goal(f"list of events: {times:.2f} times the bare page", times <= PAGE_FACTOR))
    return reached


def as_dict(races: EventRaces) -> dict[str, object]:
    return asdict(races)


def _registers(event: str, caller: int, key: str) -> Request:
    return _posts("/api/v1/registrations/", {"event": event, "mode": "in_person"}, caller, key)


def _waits(event: str, caller: int, key: str) -> Request:
    return _posts("/api/v1/waiting-list/", {"event": event, "mode": "in_person"}, caller, key)


def _posts(path: str, said: dict[str, str], caller: int, key: str) -> Request:
    headers = {
        "Authorization": f"Token {token('caller', caller)}",
        "Idempotency-Key": key,
        "Content-Type": "application/json",
    }
    return Request("POST", path, headers, json.dumps(said))


def _registered(url: str, event: int) -> set[int]:
    """Answers come in any order, so the database says who has a place."""
    connection = psycopg2.connect(url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT student_id FROM events_registration WHERE event_id = %s", [event])
        found = {student for (student,) in cursor.fetchall()}
    connection.close()
    return found


def _event(url: str, event: str, number: int) -> int:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(RACED, {"id": event, "places": PLACES, "day": number})
        key: int = cursor.fetchone()[0]
    connection.close()
    return key


def _is_exact(url: str, event: int, source: str) -> bool:
    connection = psycopg2.connect(url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(seat) FROM events_registration WHERE event_id = %s", [event])
        places = cursor.fetchone() == (PLACES, PLACES)
        cursor.execute("SELECT count(*), max(number) FROM eligibility_waitingentry WHERE source_id = %s", [source])
        line = cursor.fetchone() == (CLIENTS - PLACES, CLIENTS - PLACES)
    connection.close()
    return places and line


def _directly(url: str, number: int) -> float:
    """The same rows under the same lock, by eight clients without Python worth speaking of."""
    event = public_id("g", number)
    key = _event(url, event, 1000 + number)
    turns = iter(range(CLIENTS))
    began = time.perf_counter()
    clients = [threading.Thread(target=_direct_client, args=(url, key, event, turns)) for _ in range(DIRECT_CLIENTS)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    took = time.perf_counter() - began
    execute(url, "ALTER TABLE accounts_auditentry DISABLE TRIGGER trail_refuses_change", *_forget(key, event))
    return took


def _direct_client(url: str, key: int, event: str, turns: Iterator[int]) -> None:
    connection = psycopg2.connect(url)
    cursor = connection.cursor()
    for turn in turns:
        student = 200 + turn
        said = {"id": f"{event[-6:]}{turn:05d}", "event": key, "student": student, "source": event}
        cursor.execute("SELECT id FROM accounts_user WHERE id = %s FOR NO KEY UPDATE", [student])
        cursor.execute("SELECT id FROM events_event WHERE id = %s FOR NO KEY UPDATE", [key])
        cursor.execute("SELECT count(*) FROM events_registration WHERE event_id = %s", [key])
        taken = cursor.fetchone()[0]
        if taken < PLACES:
            cursor.execute(PLACE, {**said, "seat": taken + 1})
            cursor.execute(MESSAGE, said)
        else:
            cursor.execute("SELECT count(*) FROM eligibility_waitingentry WHERE source_id = %s", [event])
            cursor.execute(WAITING, {**said, "number": cursor.fetchone()[0] + 1})
        cursor.execute(AUDIT, said)
        connection.commit()
    connection.close()


def _forget(key: int, event: str) -> tuple[str, ...]:
    mark = event[-6:]
    return (
        f"DELETE FROM accounts_auditentry WHERE subject_id LIKE '{mark}%'",
        "ALTER TABLE accounts_auditentry ENABLE TRIGGER trail_refuses_change",
        f"DELETE FROM messaging_outboxmessage WHERE regarding LIKE '{mark}%'",
        f"DELETE FROM events_registration WHERE event_id = {key}",
        f"DELETE FROM eligibility_waitingentry WHERE source_id = '{event}'",
        f"DELETE FROM events_event WHERE id = {key}",
    )
