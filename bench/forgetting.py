"""A night with a million rows and fifty thousand files due: how long, how much memory, what a booking feels of it, and
beside it the bare DELETEs of the same rows.

python -m bench.forgetting      one run, with its peak memory (started by the benchmark)
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import psycopg2

from bench import databases
from bench.figures import Goal, figure
from bench.load import Load
from bench.measure import WARM_UP, one_round
from bench.scenarios import Scenarios
from bench.servers import PORTAL, Web
from bench.sizes import Sizes
from tools.places import ROOT

MOST_MEGABYTES, MOST_SLOWER = 256.0, 1.2
A_PERSON = {"bookings": 10, "notes": 10, "uses": 10, "messages": 10}
FILES_FOR_TWO = 5

PEOPLE = """
INSERT INTO accounts_user (id, password, public_id, email, given_name, family_name, preferred_name, phone, roles,
                           is_active, joined_at)
SELECT %(first)s + n, '!bench', pg_temp.public_id('d', n), 'due' || n || '@example.ac.uk', 'Due', 'Leaver' || n, '',
       '', ARRAY['graduate'], true, now()
FROM generate_series(1, %(people)s) n
"""
COURSES = """
INSERT INTO accounts_enrolment (student_id, programme_id, level, mode, status, fee_status, year_of_study, started_on,
                                completed_on)
SELECT %(first)s + n, (SELECT min(id) FROM accounts_programme), 'undergraduate', 'full_time', 'completed', 'home', 3,
       DATE '2015-09-14', DATE '2018-06-10'
FROM generate_series(1, %(people)s) n
"""
WARNINGS = """
INSERT INTO retention_retentionwarning (person_id, kept_until, ended_on, warned_at)
SELECT %(first)s + n, DATE '2021-07-31', DATE '2018-06-10', TIMESTAMPTZ '2021-06-01 04:00Z'
FROM generate_series(1, %(people)s) n
"""
BOOKINGS = """
INSERT INTO appointments_booking (public_id, type_id, student_id, adviser_id, location_id, mode, during, occupies,
    local_date, session, seat, status, consumes, topic, help_wanted, answers, recording_permission,
    booked_at, override_reason, sequence, ended_at, status_reason)
SELECT pg_temp.public_id('e', n * 100 + k), guidance.id, %(first)s + n, 1 + n %% %(advisers)s, online.id, 'online',
       span, span, lower(span)::date, pg_temp.public_id('e', n * 100 + k), 1, 'attended', true, '',
       'I would like to talk through what I could do after my degree.', '{}', false, lower(span), '', 0, upper(span), ''
FROM generate_series(1, %(people)s) n CROSS JOIN generate_series(1, %(bookings)s) k
CROSS JOIN LATERAL (SELECT tstzrange(t, t + interval '30 minutes') AS span
                    FROM (SELECT TIMESTAMPTZ '2017-01-02 09:00Z' + (n * 13 + k * 40) * interval '1 hour' AS t) x) times
JOIN appointments_appointmenttype guidance ON guidance.slug = 'guidance'
CROSS JOIN (SELECT min(id) AS id FROM appointments_location WHERE NOT exclusive) online
"""
NOTES = """
INSERT INTO appointments_bookingnote (public_id, booking_id, text, next_step, by_id, at)
SELECT 'f' || substr(public_id, 2), id, 'Knows what they want, and how to get there. Talk again in spring.', '',
       adviser_id, booked_at FROM appointments_booking WHERE student_id > %(first)s
"""
USES = """
INSERT INTO eligibility_allocationuse
  (student_id, policy_id, source_kind, source_id, "on", ends_at, period_key, ordinal, consumes)
SELECT student_id, policy.id, 'booking', public_id, local_date, upper(during), '', 1, true
FROM appointments_booking JOIN eligibility_allocationpolicy policy ON policy.slug = 'fortnight'
WHERE student_id > %(first)s
"""
MESSAGES = """
INSERT INTO messaging_outboxmessage (public_id, kind, channel, purpose, recipient_id, to_address, context, regarding,
    dedupe_key, not_before, state, try_at, attempts, strikes, provider, provider_id, reason, subject, body_text,
    body_html, attachments, message_id, created_at, sent_at)
SELECT 'g' || substr(public_id, 2), 'appointments.booked', 'email', 'service', student_id, '', '{}', public_id,
       'due:' || public_id, booked_at, 'sent', booked_at, 1, 0, 'tray', '', '', '', '', '', '[]', '', booked_at,
       booked_at FROM appointments_booking WHERE student_id > %(first)s
"""
DOCUMENTS = """
WITH files AS (
    INSERT INTO documents_storedfile (name, made_at, discarded)
    SELECT lpad(to_hex(n %% 256), 2, '0') || '/' || lpad(n::text, 38, '0'), now() - interval '9 years', false
    FROM generate_series(1, %(files)s) n RETURNING id, right(name, 38)::bigint AS n
), papers AS (
    INSERT INTO documents_document (public_id, owner_id, kind, name, created_at)
    SELECT pg_temp.public_id('h', n), %(first)s + 1 + n %% %(people)s, 'cv', 'CV', now() - interval '9 years'
    FROM generate_series(1, %(files)s) n RETURNING id, public_id
)
INSERT INTO documents_documentversion (document_id, number, file_id, format, size, sha256, uploaded_sha256, uploaded_at,
    state, reason, scanned_by, checked_at, try_at, strikes)
SELECT papers.id, 1, files.id, 'pdf', 20, '', '', now(), 'clean', '', '', now(), now(), 0
FROM files JOIN papers ON papers.public_id = pg_temp.public_id('h', files.n)
"""
FILLED = (PEOPLE, COURSES, WARNINGS, BOOKINGS, NOTES, USES, MESSAGES, DOCUMENTS)
TABLES = ("accounts_user", "accounts_enrolment", "appointments_booking", "appointments_bookingnote",
          "eligibility_allocationuse", "messaging_outboxmessage", "documents_document", "documents_documentversion",
          "documents_storedfile", "retention_retentionwarning")  # fmt: skip
DUE = "SELECT student_id FROM accounts_enrolment WHERE completed_on = DATE '2018-06-10'"
BARE = (
    f"CREATE TEMP TABLE due AS {DUE}",
    "DELETE FROM appointments_bookingnote WHERE booking_id IN "
    "(SELECT id FROM appointments_booking WHERE student_id IN (SELECT student_id FROM due))",
    "DELETE FROM appointments_booking WHERE student_id IN (SELECT student_id FROM due)",
    "DELETE FROM eligibility_allocationuse WHERE student_id IN (SELECT student_id FROM due)",
    "DELETE FROM retention_retentionwarning WHERE person_id IN (SELECT student_id FROM due)",
    "DELETE FROM messaging_outboxmessage WHERE recipient_id IN (SELECT student_id FROM due)",
    "CREATE TEMP TABLE gone AS SELECT file_id FROM documents_documentversion WHERE document_id IN "
    "(SELECT id FROM documents_document WHERE owner_id IN (SELECT student_id FROM due))",
    "DELETE FROM documents_documentversion WHERE file_id IN (SELECT file_id FROM gone)",
    "DELETE FROM documents_document WHERE owner_id IN (SELECT student_id FROM due)",
    "DELETE FROM documents_storedfile WHERE id IN (SELECT file_id FROM gone)",
    "DELETE FROM accounts_enrolment WHERE student_id IN (SELECT student_id FROM due)",
    "DELETE FROM accounts_user WHERE id IN (SELECT student_id FROM due)",
)


@dataclass(slots=True)
class Forgetting:
    """Seconds and megabytes of the run; p95 of a booking, in milliseconds, before and meanwhile."""

    rows: int
    files: int
    seconds: float
    megabytes: float
    said: str
    left: int
    bare_seconds: float
    unlink_seconds: float
    before: float
    meanwhile: float
    rounds: int


def measure_forgetting(server: str, like: str, sizes: Sizes, today: date, log: Path) -> Forgetting:
    """In two copies of the main database, so that both delete the same rows."""
    urls = {name: databases.named(server, name) for name in ("forgetting", "bare_deletes")}
    with databases.dropped_at_the_end(server, *urls.values()), tempfile.TemporaryDirectory() as folder:
        databases.create(server, urls["forgetting"], like)
        people = sizes.students * 41 // 100
        files = people * FILES_FOR_TWO // 2
        rows = _fill(urls["forgetting"], people, files, sizes.advisers)
        names = _names(urls["forgetting"])
        _make_files(Path(folder) / "documents", names)
        databases.create(server, urls["bare_deletes"], urls["forgetting"])
        bare = _bare_deletes(urls["bare_deletes"])
        databases.drop(server, urls["bare_deletes"])
        unlinked = _unlink(Path(folder) / "copy", names)
        env = {
            **os.environ, "DATABASE_URL": urls["forgetting"], "DOCUMENTS_ROOT": f"{folder}/documents",
            "RETENTION_ROOT": f"{folder}/retention",
        }  # fmt: skip
        asked = Scenarios(urls["forgetting"], sizes.advisers, sizes.students, today)
        with Web(PORTAL, env, log) as web:
            return _measured(web, asked, env, rows, len(names), bare, unlinked, sizes)


def _measured(
    web: Web, asked: Scenarios, env: dict[str, str], rows: int, files: int, bare: float, unlinked: float, sizes: Sizes
) -> Forgetting:
    """Rounds of bookings with nothing else, then as many as fit while the night runs; and the rest of the night."""
    booking = next(each for each in asked.scenarios() if each.name == "book-page")
    one_round(web, booking, WARM_UP)
    before, meanwhile, rounds = Load(), Load(), 0
    for _ in range(sizes.rounds * 2):
        before.add(one_round(web, booking, sizes.seconds)[0])
    began = time.monotonic()
    with _run(env) as process:
        _wait_for_people(env["DATABASE_URL"], process)
        while process.poll() is None and rounds < sizes.rounds * 2:
            meanwhile.add(one_round(web, booking, sizes.seconds)[0])
            rounds += 1
        said, complained = process.communicate()
    seconds = time.monotonic() - began
    if process.returncode:
        raise SystemExit(f"The night broke off:\n{complained[-2000:]}")
    peak = re.search(r"peak (\d+) KiB", said)
    return Forgetting(
        rows, files, seconds, int(peak[1]) / 1024 if peak else 0, said.splitlines()[1],
        _left(env["DATABASE_URL"], Path(env["DOCUMENTS_ROOT"])), bare, unlinked,
        figure("", "", before).p95, figure("", "", meanwhile).p95, rounds,
    )  # fmt: skip


@contextmanager
def _run(env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "bench.forgetting"]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()


def _wait_for_people(url: str, process: subprocess.Popen[str]) -> None:
    """Until the first of them are gone: that is what bookings are to be measured beside."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        while process.poll() is None:
            cursor.execute("SELECT coalesce(max(people_done), 0) FROM retention_purgerun")
            if cursor.fetchone()[0]:
                break
            time.sleep(0.05)
    connection.close()


def _fill(url: str, people: int, files: int, advisers: int) -> int:
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute(databases.NUMBERED)
        cursor.execute("SET session_replication_role = replica; SET statement_timeout = 0")
        cursor.execute("SELECT max(id) FROM accounts_user")
        numbers = {"first": cursor.fetchone()[0], "people": people, "files": files, "advisers": advisers, **A_PERSON}
        rows = 0
        for sql in FILLED:
            cursor.execute(sql, numbers)
            rows += cursor.rowcount * (3 if sql is DOCUMENTS else 1)
        cursor.execute("SELECT setval('accounts_user_id_seq', (SELECT max(id) FROM accounts_user))")
        cursor.execute(
            "INSERT INTO accounts_policysetting (key, value, effective_from, set_at, note)"
            " VALUES ('retention_large_share_percent', '100', DATE '2020-01-01', now(), '')"
        )
    connection.close()
    databases.execute(url, f"VACUUM (ANALYZE) {', '.join(TABLES)}")
    return rows


def _names(url: str) -> list[str]:
    connection = psycopg2.connect(url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM documents_storedfile")
        names = [name for (name,) in cursor.fetchall()]
    connection.close()
    return names


def _make_files(folder: Path, names: list[str]) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%PDF-1.4 of a leaver")


def _unlink(folder: Path, names: list[str]) -> float:
    _make_files(folder, names)
    began = time.monotonic()
    for name in names:
        (folder / name).unlink()
    return time.monotonic() - began


def _bare_deletes(url: str) -> float:
    """One transaction, as somebody would type it who has nobody to answer to."""
    connection = psycopg2.connect(url, options="-c statement_timeout=0")
    began = time.monotonic()
    with connection, connection.cursor() as cursor:
        for sql in BARE:
            cursor.execute(sql)
    seconds = time.monotonic() - began
    connection.close()
    return seconds


def _left(url: str, folder: Path) -> int:
    """People who were due, and files, that are still there."""
    connection = psycopg2.connect(url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_user WHERE public_id LIKE 'd%'")
        people: int = cursor.fetchone()[0]
    connection.close()
    return people + sum(path.is_file() for path in folder.rglob("*"))


def forgetting_goals(found: Forgetting) -> list[Goal]:
    rate = found.rows / found.seconds
    words = (
        f"forgetting {found.rows:,} rows and {found.files:,} files: {found.seconds:.0f} s ({rate:,.0f} rows/s), beside "
        f"{found.bare_seconds:.0f} s of bare DELETEs and {found.unlink_seconds:.1f} s of unlinking; "
        f"left over {found.left}"
    )
    slower = found.meanwhile / found.before if found.before else 0.0
    felt = f"a booking meanwhile: p95 {found.before:.1f} → {found.meanwhile:.1f} ms = {slower:.2f} × (at most 1.2)"
    return [
        Goal(words, found.left == 0),
        Goal(f"forgetting: {found.megabytes:.0f} MB at its peak (at most 256)", found.megabytes <= MOST_MEGABYTES),
        Goal(f"{felt}, {found.rounds} rounds", 0 < slower <= MOST_SLOWER),
    ]


def as_dict(found: Forgetting) -> dict[str, object]:
    return asdict(found)


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    django.setup()
    call_command("retention", "run")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss} KiB")
